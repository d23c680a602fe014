// Comfort only: every page works without this file.
for (const button of document.querySelectorAll(".reveal")) {
  const fields = button.getAttribute("aria-controls").split(" ").map((id) => document.getElementById(id));
  const show = (visible) => {
    for (const field of fields) field.type = visible ? "text" : "password";
    button.firstElementChild.textContent = visible ? "Hide" : "Show";
  };
  button.hidden = false;
  button.addEventListener("click", () => show(fields[0].type === "password"));
  // Browsers keep what was typed into text fields, so a shown password turns back before it is sent.
  fields[0].form.addEventListener("submit", () => show(false));
}

for (const line of document.querySelectorAll("[data-wait]")) {
  const button = line.parentElement.querySelector("button");
  const said = document.createElement("p");
  const end = Date.now() + Number(line.dataset.wait) * 1000;
  said.className = "unseen";
  said.setAttribute("role", "status");
  line.after(said);
  button.disabled = true;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      line.textContent = `You can ask for another message in ${left} ${left === 1 ? "second" : "seconds"}.`;
      if (left % 30 === 0) said.textContent = line.textContent;
      setTimeout(tick, 250);
    } else {
      line.textContent = said.textContent = "You can ask for another message now.";
      button.disabled = false;
    }
  };
  tick();
}

// A second press while the first is on its way would spend a code or a try twice.
const pause = 4000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (Date.now() - Number(form.dataset.sent ?? 0) < pause) event.preventDefault();
  else form.dataset.sent = Date.now();
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
