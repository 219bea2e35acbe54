// Everything works without this. With it: how an answer is understood shows while it is typed, the next page comes
// without a reload, and what is ticked off is kept at once.
"use strict";

document.documentElement.className = "js";
const main = () => document.getElementById("main");

function debounce(action, wait) {
  let timer;
  return (...all) => { clearTimeout(timer); timer = setTimeout(() => action(...all), wait); };
}

const understand = debounce(async (box, address, line) => {
  const typed = box.value.trim();
  if (!typed) { line.textContent = ""; return; }
  try {
    const answer = await fetch(`${address}?text=${encodeURIComponent(typed)}`);
    const found = answer.ok ? (await answer.json()).words : "";
    if (box.value.trim() === typed) line.textContent = found ? `✓ ${found}` : "";
  } catch { line.textContent = ""; }
}, 250);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  const line = form?.querySelector(".understood");
  if (line && event.target.name === "answer") understand(event.target, form.dataset.understood, line);
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type === "checkbox" && box.name === "answer" && box.checked) {
    for (const other of box.form.querySelectorAll("input[name=answer]")) {
      if (other !== box && ("alone" in box.dataset || "alone" in other.dataset)) other.checked = false;
    }
  }
  if (box.form && "ticks" in box.form.dataset) {
    fetch(box.form.action, { method: "POST", body: new URLSearchParams(new FormData(box.form)) });
  }
});

let at = location.pathname;
const sheet = (page) => page.querySelector("link[rel=stylesheet]")?.getAttribute("href");

// Puts another page in the place of this one, as the browser would have done.
async function shown(answer) {
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!next.getElementById("main") || sheet(next) !== sheet(document)) { location.assign(answer.url); return; }
  if (answer.redirected) history.pushState(null, "", answer.url);
  at = location.pathname;
  document.title = next.title;
  document.body.className = next.body.className;
  document.body.replaceChildren(...next.body.childNodes);
  window.scrollTo(0, 0);
  (document.getElementById("problem") || main()).focus({ preventScroll: true });
}

// Sends a form the plain way, with the button that was pressed.
function plainly(form, button) {
  if (button?.name) {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
    form.append(pressed);
  }
  form.submit();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !location.pathname.startsWith("/s/")) return;
  event.preventDefault();
  if (main().hasAttribute("aria-busy")) return; // it is on its way already
  const body = new URLSearchParams(new FormData(form));
  if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
  main().setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body });
  } catch {
    plainly(form, event.submitter);
    return;
  }
  await shown(answer);
});

// A step back in the browser's history shows the page of that address as it is now.
window.addEventListener("popstate", () => { if (location.pathname !== at) location.reload(); });
