// Shows messages as they arrive; without this file a reload does.
const display = document.querySelector(".screen");
const list = display.querySelector("ol");
const number = display.dataset.number;
const chosen = (wanted) => (wanted ? `?number=${encodeURIComponent(wanted)}` : "");
let arrived = 0;

const toEnd = () => display.scrollTo(0, display.scrollHeight);

function paragraph(look, text) {
  const made = document.createElement("p");
  made.className = look;
  made.textContent = text;
  return made;
}

// What came between the page and the stream, or while the stream was cut, is on a fresh copy of the page.
async function catchUp() {
  const before = arrived;
  const answer = await fetch("/dev/phone" + chosen(number));
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (before !== arrived) return catchUp();
  if (!number) return page.querySelector(".screen").dataset.number ? location.reload() : undefined;
  const [ours, theirs] = [document, page].map((copy) => copy.querySelector(".numbers"));
  if (!ours !== !theirs) return location.reload();
  ours?.replaceWith(theirs);
  const items = page.querySelectorAll(".screen ol > li");
  if (items.length !== list.children.length) {
    list.replaceChildren(...items);
    toEnd();
  }
}

const events = new EventSource("/dev/phone/events" + chosen(number));
events.addEventListener("open", catchUp);
events.addEventListener("message", (event) => {
  const message = JSON.parse(event.data);
  arrived++;
  if (message.number !== number) {
    return number ? catchUp() : location.assign("/dev/phone" + chosen(message.number));
  }
  const item = document.createElement("li");
  item.append(paragraph("bubble new", message.text), paragraph("time", message.time));
  list.append(item);
  toEnd();
  if (!document.querySelector(".numbers [aria-current]")) catchUp();
});
toEnd();
