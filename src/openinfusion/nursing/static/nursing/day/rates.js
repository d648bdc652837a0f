// What the phone knows against a rate by itself, by the same rules as the house, which asks again when it is sent.
const ml = (rate) => `${Number(rate)} mL/h`;

export const inOrder = (rates) => (rates || []).toSorted((a, b) => Date.parse(a.rate_at) - Date.parse(b.rate_at));
export const reacted = (packet) => Boolean(packet.values.reaction?.reaction && packet.values.reaction.reaction !== "none");

// The plan an infusion runs by: as the house says, as the first rate said, or the only one there is.
export function planOf(packet, code = "") {
  const wanted = packet.running.plan || (packet.values.rate || []).find((r) => r.rate_plan)?.rate_plan || code;
  if (wanted) return packet.plans.find((p) => p.code === wanted);
  return packet.plans.length === 1 ? packet.plans[0] : undefined;
}

// The highest rate that may be set: the first step, what was borne last time, or one step above what runs.
export function mayGoTo(packet, plan, before) {
  const steps = plan.rates.map(Number), last = before.length ? Number(before.at(-1).rate_ml_per_h) : 0;
  if (!before.length) return Math.max(steps[0], Math.min(Number(packet.running.borne_ml_per_h || 0), steps.at(-1)));
  if (!last) return Math.max(steps[0], ...before.map((r) => Number(r.rate_ml_per_h)));
  return steps.find((s) => s > last) ?? steps.at(-1);
}

// Since when it runs at the rate it runs at; writing the same rate again begins nothing.
export function since(before) {
  let found = null;
  for (const step of before.toReversed()) {
    if (Number(step.rate_ml_per_h) !== Number(before.at(-1).rate_ml_per_h)) break;
    found = Date.parse(step.rate_at);
  }
  return found;
}

export function againstRate(packet, values) {
  const rate = Number(values.rate_ml_per_h), at = Date.parse(values.rate_at), found = [];
  const before = inOrder(packet.values.rate).filter((r) => Date.parse(r.rate_at) <= at), last = before.length ? Number(before.at(-1).rate_ml_per_h) : 0;
  if (!rate) return found;
  if (packet.running.drug_first && !(packet.values.drug || []).length) found.push("No drug is scanned at this visit. Scan it before it runs.");
  if (rate <= last) return found;
  const plan = planOf(packet, values.rate_plan);
  if (!plan && packet.plans.length) found.push("Say first by whose rate steps this product runs, from its package. If in doubt ask the pharmacist.");
  else if (plan) found.push(...againstPlan(packet, plan, before, last, rate, at));
  const most = packet.running.resume_ml_per_h;
  if (reacted(packet) && most === null) found.push("A reaction is on record: hold, lower or stop. Higher only when the prescriber has said up to which rate.");
  else if (reacted(packet) && rate > Number(most)) found.push(`After the reaction the prescriber lets it run at most at ${ml(most)}.`);
  return found;
}

function againstPlan(packet, plan, before, last, rate, at) {
  const highest = Number(plan.rates.at(-1)), found = [];
  if (rate > highest) return [`${ml(rate)} is above the highest rate of ${plan.label}, ${ml(highest)}.`];
  const most = mayGoTo(packet, plan, before), begun = since(before), due = begun + plan.step_minutes * 60000;
  if (rate > most) found.push(`The next rate of ${plan.label} is ${ml(most)}${before.length || !packet.running.lowest_why ? "" : `: ${packet.running.lowest_why}`}.`);
  if (last && begun && plan.rates.length > 1 && at < due) found.push(`${ml(last)} runs for ${plan.step_minutes} minutes at least: ${Math.ceil((due - at) / 60000)} more.`);
  return found;
}
