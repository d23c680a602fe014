// Tells what becomes of the message as it happens; without this file a reload does.
const line = document.querySelector("[data-feed]");
const first = 2000;
const longest = 256000;
let wait = first;

function listen() {
  const feed = new EventSource(line.dataset.feed);
  feed.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    wait = first;
    line.className = `news ${news.look}`;
    // What has not changed is not read out again.
    if (line.textContent !== news.text) line.textContent = news.text;
  });
  feed.addEventListener("over", () => feed.close());
  // The browser tries again by itself after a cut, but not after an answer that is no stream, as while the site is busy.
  feed.addEventListener("error", () => {
    if (feed.readyState !== EventSource.CLOSED || wait > longest) return;
    setTimeout(listen, wait);
    wait *= 2;
  });
}

if (line) listen();
