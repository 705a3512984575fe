// What the server's own pages cannot do: call the control plane, follow its events, keys, copy and zoom.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const said = document.getElementById("said");

function say(text, bad = false) {
  said.textContent = text;
  said.classList.toggle("bad", bad);
}

// Parts of the page that carry data-live are taken anew from the server when something happens.
let refreshing = false;
let stale = false;
const PAUSE = 200; // milliseconds between two refreshes at least
const shown = new WeakMap(); // a live part to what the server made it of

async function refresh() {
  if (refreshing || document.hidden) {
    stale = true;
    return;
  }
  refreshing = true;
  stale = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    say("The server does not answer.", true);
  }
  setTimeout(() => {
    refreshing = false;
    if (stale) refresh();
  }, PAUSE);
}

function put(fresh) {
  for (const old of all("[data-live]")) {
    const found = fresh.getElementById(old.id);
    if (!found || found.innerHTML === (shown.get(old) ?? old.innerHTML)) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const open = all("details[open]", old).map((each) => each.id);
    shown.set(old, found.innerHTML);
    old.innerHTML = found.innerHTML; // made by our own templates, which escape what clients sent
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focused) document.getElementById(focused)?.focus();
  }
}

// Events. A hidden page lets go of its connection: browsers have few for one server.
const KINDS = ["state", "call", "webhook", "request", "clock", "settings", "sandbox"];
let source = null;

function listen() {
  const address = document.body.dataset.events;
  if (!address) return;
  source?.close();
  source = null;
  if (document.hidden) return;
  source = new EventSource(address);
  source.onopen = () => {
    document.body.dataset.listening = "";
    refresh();
  };
  source.onerror = () => delete document.body.dataset.listening;
  KINDS.forEach((kind) => source.addEventListener(kind, refresh));
}

// The sandbox's clock goes on between two answers of the server.
let told = null; // the element, its instant, and when it came here

setInterval(() => {
  const element = document.querySelector("#clock-now time[data-speed]");
  if (!element || document.hidden) return;
  if (told?.element !== element) told = { element, at: Date.parse(element.dateTime), came: Date.now() };
  const now = told.at + (Date.now() - told.came) * Number(element.dataset.speed);
  element.textContent = new Date(now).toISOString().slice(11, 19);
}, 250);

// Calls. A form with data-call sends its fields as JSON: a dot in a name goes a level down, [] makes a list.
async function call(method, url, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(url, options);
  const data = answer.status === 204 ? {} : await answer.json();
  if (answer.ok) return data;
  const { message, field } = data.error;
  throw new Error(field ? `${field}: ${message}` : message);
}

const READ = {
  number: (input) => Number(input.value),
  url: (input) => input.value || null,
  base64: async (input) => {
    const bytes = new Uint8Array(await input.files[0].arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  },
};

async function fields(form) {
  const body = {};
  for (const input of form.elements) {
    const kept = input.dataset.as === "url" ? input.value === input.defaultValue : !input.value;
    if (!input.name || kept) continue;
    const read = READ[input.dataset.as];
    const path = input.name.replace("[]", "").split(".");
    const last = path.pop();
    const place = path.reduce((at, part) => (at[part] ??= {}), body);
    const value = read ? await read(input) : input.value;
    place[last] = input.name.endsWith("[]") ? [value] : value;
  }
  if (body.document) delete body.pages;
  return body;
}

async function submitted(form) {
  const method = form.dataset.call;
  const answer = await call(method, form.action, method === "DELETE" ? undefined : await fields(form));
  if (form.dataset.then) {
    location.href = form.dataset.then.replace("{id}", encodeURIComponent(answer.id));
    return;
  }
  say(form.dataset.said ?? "Done.");
  form.closest("details.menu")?.removeAttribute("open");
  refresh();
}

async function send(form) {
  const chosen = form.elements.vendor.selectedOptions[0];
  const digits = form.elements.to.value.replace(/\D/g, "");
  const fill = (text) => text.replaceAll("{number}", digits);
  const { method, url, headers, body } = JSON.parse(chosen.dataset.request);
  const answer = await fetch(fill(url), { method, headers, body: fill(body) });
  const text = await answer.text();
  document.getElementById("answer").textContent = `${answer.status} ${answer.statusText}\n\n${text}`;
  say(answer.ok ? `${chosen.textContent} has answered.` : `${chosen.textContent} has refused it.`, !answer.ok);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const act = form.dataset.call ? submitted : "sends" in form.dataset ? send : null;
  if (!act) return;
  event.preventDefault();
  if (form.dataset.sure && !confirm(form.dataset.sure)) return;
  try {
    await act(form);
  } catch (wrong) {
    say(wrong.message, true);
  }
});

// Clicks: a whole row opens its fax, copy and zoom buttons do their work, menus close when left.
async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  getSelection().selectAllChildren(text);
  try {
    await navigator.clipboard.writeText(text.textContent);
    say("Copied.");
  } catch {
    say(document.execCommand("copy") ? "Copied." : "Selected: copy it with the keyboard.");
  }
}

const SIZES = 6;
const FIT = 2;

function zoom(by) {
  const sheets = document.getElementById("sheets");
  const size = by === 0 ? FIT : Number(sheets.dataset.size) + by;
  sheets.dataset.size = Math.min(SIZES, Math.max(1, size));
}

document.addEventListener("click", (event) => {
  const { target } = event;
  all("details.menu[open]").forEach((menu) => menu.contains(target) || menu.removeAttribute("open"));
  const button = target.closest("button");
  if (button?.dataset.copy) copy(button);
  else if (button?.dataset.zoom) zoom(Number(button.dataset.zoom));
  else if (!target.closest("a") && !String(getSelection())) target.closest("[data-row]")?.querySelector("a").click();
});

// Files that are dropped.
for (const zone of all("[data-drop]")) {
  const over = (event) => {
    event.preventDefault();
    zone.classList.toggle("over", event.type === "dragover");
  };
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", over);
  zone.addEventListener("drop", (event) => {
    over(event);
    zone.querySelector("input").files = event.dataTransfer.files;
  });
}

// Keys.
function move(by) {
  const links = all("[data-row] a");
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + by))].focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("search")?.focus(),
  u: () => document.getElementById("back")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "Escape") {
    all("details.menu[open]").forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
    if (typing) typing.blur();
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && listen());
listen();
