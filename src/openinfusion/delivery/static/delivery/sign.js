// A signature pad: strokes become an SVG path in a hidden field. Without it the name can be typed.
const pad = document.querySelector("[data-pad]");
if (pad) {
  const field = document.querySelector("input[name=strokes]");
  const line = pad.querySelector("path");
  let path = "", drawing = false;
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) / box.width) * 600);
    const y = Math.round(((event.clientY - box.top) / box.height) * 200);
    return `${x} ${y}`;
  };
  const show = () => { line.setAttribute("d", path || "M0 0"); field.value = path; };
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    drawing = true;
    path += `${path ? " " : ""}M${at(event)}`;
    show();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing || path.length > 29000) return;
    path += ` L${at(event)}`;
    show();
  });
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, () => { drawing = false; });
  document.querySelector("[data-clear]")?.addEventListener("click", () => { path = ""; show(); });
}
