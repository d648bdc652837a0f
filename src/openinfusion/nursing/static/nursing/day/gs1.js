// A package's GS1 code, read without the house: product, lot, expiry and serial if there is one, or nothing. What is not certain is not guessed.
const FIXED = { "01": 14, 17: 6, 11: 6, 13: 6, 15: 6 }, OPEN = ["10", "21"], GAP = "\x1d";

export function read(text) {
  let raw = text.trim().replace(/^\](d2|C1|Q3|e0)/, "");
  for (const gap of ["<GS>", "{GS}", "␝", "~029"]) raw = raw.replaceAll(gap, GAP);
  const found = raw.startsWith("(") ? bracketed(raw) : strung(raw.replace(/^\x1d+/, ""));
  if (!found || !found["01"] || !found["10"] || !found["17"]) return null;
  const until = day(found["17"]);
  return until && checked(found["01"]) ? { gtin: found["01"], lot: found["10"].toUpperCase(), expires_on: until, serial: found["21"] || "" } : null;
}

function bracketed(raw) {
  const found = {}, parts = [...raw.matchAll(/\((\d{2,4})\)([^(]*)/g)];
  if (parts.map((p) => p[0]).join("") !== raw) return null;
  for (const [, ai, value] of parts) found[ai] = value.trim();
  return found;
}

function strung(raw) {
  const found = {};
  let rest = raw;
  while (rest) {
    const ai = rest.slice(0, 2), long = FIXED[ai];
    rest = rest.slice(2);
    if (long) {
      if (rest.length < long || !/^\d+$/.test(rest.slice(0, long))) return null;
      found[ai] = rest.slice(0, long);
      rest = rest.slice(long).replace(/^\x1d/, "");
    } else if (OPEN.includes(ai)) {
      const end = rest.indexOf(GAP), value = end < 0 ? rest : rest.slice(0, end);
      if (!value || value.length > 20) return null;
      found[ai] = value;
      rest = end < 0 ? "" : rest.slice(end + 1);
    } else return null;
  }
  // a lot that may hold the next part, because the scanner swallowed the gap between them, is not certain
  if ((!found["17"] && /.17\d{6}/.test(found["10"] || "")) || (!found["21"] && /.21[0-9A-Za-z]{6,}$/.test(found["10"] || "") && found["10"].length > 12)) return null;
  return found;
}

function checked(gtin) {
  if (!/^\d{14}$/.test(gtin)) return false;
  const sum = [...gtin.slice(0, 13)].reduce((n, d, i) => n + Number(d) * (i % 2 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10 === Number(gtin[13]);
}

// YYMMDD; a day of 00 is the last of its month.
function day(six) {
  if (!/^\d{6}$/.test(six)) return null;
  const year = 2000 + Number(six.slice(0, 2)), month = Number(six.slice(2, 4)), last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const on = Number(six.slice(4)) || last;
  return month < 1 || month > 12 || on > last ? null : `${year}-${six.slice(2, 4)}-${String(on).padStart(2, "0")}`;
}
