"use strict";
const controls = document.getElementById("controls");
const list = document.getElementById("prompts");
const count = document.getElementById("count");
const prompts = [...list.children].map((node, place) => ({
  node,
  place,
  merit: Number(node.dataset.merit),
  asked: node.querySelector(".asked").textContent.toLowerCase(),
  answers: [...node.querySelectorAll(".answer")].map((answer) => ({
    node: answer,
    system: answer.dataset.system,
    flags: answer.dataset.flags.split(" "),
    merit: Number(answer.dataset.merit),
    text: answer.querySelector(".text").textContent.toLowerCase(),
  })),
}));

const field = (name) => document.getElementById(name).value;

function fits(answer, system, flag) {
  const flagged = flag === "" || (flag === "any" ? answer.flags[0] !== "" : answer.flags.includes(flag));
  return flagged && (system === "" || answer.system === system);
}

function show() {
  const [text, system, flag] = [field("text").trim().toLowerCase(), field("system"), field("flag")];
  let shown = 0;
  for (const prompt of prompts) {
    const asked = text === "" || prompt.asked.includes(text);
    let any = 0;
    for (const answer of prompt.answers) {
      const visible = fits(answer, system, flag) && (asked || answer.text.includes(text));
      answer.node.hidden = !visible;
      any += visible;
    }
    prompt.node.hidden = any === 0;
    shown += any > 0;
  }
  count.textContent = shown === prompts.length ? `${shown} prompts` : `${shown} of ${prompts.length} prompts`;
}

function sort() {
  const system = field("system") || list.dataset.first;
  const merit = (prompt) => prompt.answers.find((answer) => answer.system === system)?.merit ?? prompt.merit;
  const order = {
    asked: (a, b) => a.place - b.place,
    worst: (a, b) => merit(a) - merit(b) || a.place - b.place,
    best: (a, b) => merit(b) - merit(a) || a.place - b.place,
  };
  list.append(...[...prompts].sort(order[field("order")]).map((prompt) => prompt.node));
}

function update() {
  show();
  sort();
}

controls.hidden = false;
controls.addEventListener("input", update);
controls.addEventListener("submit", (event) => event.preventDefault());
update();
