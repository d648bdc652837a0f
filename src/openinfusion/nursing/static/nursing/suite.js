// The board of a suite's day: moves by keys, check-in by I, vital signs by V. Without it the links and dialogs do the same.
const board = document.querySelector("chair-day");

function token() {
  return board.querySelector("input[name=csrfmiddlewaretoken]").value;
}

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": token() },
    body: new URLSearchParams(body),
  });
  const to = answer.headers.get("HX-Redirect");
  if (to) return go(to);
  if (answer.headers.get("HX-Refresh")) return location.reload();
  const box = document.getElementById("suite-answer");
  box.innerHTML = answer.status < 500 ? await answer.text() : '<p class="notice crit">It did not work. Nothing was changed. Try again.</p>';
  box.scrollIntoView({ block: "nearest" });
}

function go(to) {
  const url = new URL(to, location.href);
  if (url.pathname === location.pathname && url.search === location.search) {
    location.hash = url.hash;
    return location.reload();
  }
  location.assign(url);
}

const moves = {
  ArrowLeft: { minutes: "-15" }, ArrowRight: { minutes: "15" }, ArrowUp: { chairs: "-1" }, ArrowDown: { chairs: "1" },
};

class ChairDay extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      const block = event.target.closest("a[data-appointment]");
      if (!block) return;
      if (event.altKey && moves[event.key]) {
        event.preventDefault();
        if (block.dataset.nudge) send(block.dataset.nudge, { ...moves[event.key], version: block.dataset.version });
        return;
      }
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const key = event.key.toLowerCase();
      if (key === "i" && block.dataset.checkIn) {
        event.preventDefault();
        send(block.dataset.checkIn, {});
      } else if (key === "v" && block.dataset.visit) {
        event.preventDefault();
        location.assign(`${block.dataset.visit}#part-vitals`);
      }
    });
  }
}
if (board) {
  customElements.define("chair-day", ChairDay);
  const wanted = location.hash.startsWith("#a-") ? document.getElementById(location.hash.slice(1)) : null;
  const sight = wanted ?? board.querySelector(".now");
  if (sight) board.closest(".scroll").scrollLeft = Math.max(0, sight.offsetLeft - 240);
  wanted?.focus({ preventScroll: true });
}
