// The page: three columns, the dialogs over them, the toast, and what a screen reader is told.
import { ChatPane } from "./chat.js";
import { FORMS, Sidebar } from "./chats.js";
import { Component, html, render } from "./html.js";
import { Panels } from "./panels.js";
import { become, chatsOfMe, compose, enter, set, state, subscribe, titleOf } from "./store.js";

const closeDialog = () => set({ dialog: null });

function Pick({ text }) {
  const choose = (chat) => {
    set({ dialog: null });
    enter(chat.id);
    compose(text);
  };
  return html`<div>
    <h2>Choose a chat</h2>
    <ul class="pick">
      ${chatsOfMe().map((chat) => html`<li><button type="button" class="plain" onClick=${() => choose(chat)}>${titleOf(chat)}</button></li>`)}
    </ul>
  </div>`;
}

function Inside({ dialog }) {
  if (dialog.kind === "photo") return html`<img class="large" src=${dialog.url} alt=${dialog.label} />`;
  if (dialog.kind === "pick") return html`<${Pick} text=${dialog.text} />`;
  if (dialog.kind === "alert")
    return html`<p class="alert">${dialog.text}</p>
      <div class="dialog-end"><button type="button" class="main" onClick=${closeDialog}>OK</button></div>`;
  return html`<${FORMS[dialog.kind]} />`;
}

class Dialog extends Component {
  componentDidMount() {
    this.box.showModal();
  }

  render({ dialog }) {
    const outside = (event) => event.target === this.box && closeDialog();
    return html`<dialog
      ref=${(box) => (this.box = box)}
      class=${`dialog ${dialog.kind}`}
      aria-label=${{ photo: "Photo", alert: "Message of the bot", pick: "Choose a chat" }[dialog.kind] || "New"}
      onClose=${closeDialog}
      onClick=${outside}
    >
      <${Inside} dialog=${dialog} />
      ${dialog.kind === "photo" && html`<button type="button" class="icon close" aria-label="Close" onClick=${closeDialog}>✕</button>`}
    </dialog>`;
  }
}

class App extends Component {
  componentDidMount() {
    subscribe(() => this.forceUpdate());
    become(null);
  }

  render() {
    const { world, me, open, panels, toast, dialog, online, said } = state;
    if (!world) return html`<p class="loading" role="status">${toast || "Loading…"}</p>`;
    if (me === null) return html`<${NoPerson} dialog=${dialog} />`;
    return html`<div class=${`app ${open ? "in-chat" : ""} ${panels ? "with-panels" : ""}`}>
      <${Sidebar} /><${ChatPane} />${panels ? html`<${Panels} />` : null}
      ${online ? null : html`<p class="offline" role="status">Connecting…</p>`}
      <div class="toast-place" role="status" aria-live="polite">${toast ? html`<p class="toast">${toast}</p>` : null}</div>
      <div class="unseen" aria-live="polite">${said}</div>
      ${dialog ? html`<${Dialog} key=${dialog.kind} dialog=${dialog} />` : null}
    </div>`;
  }
}

function NoPerson({ dialog }) {
  return html`<main class="loading">
    <p>There is no person in this sandbox yet.</p>
    <button type="button" class="main" onClick=${() => set({ dialog: { kind: "person" } })}>New person</button>
    ${dialog ? html`<${Dialog} key=${dialog.kind} dialog=${dialog} />` : null}
  </main>`;
}

render(html`<${App} />`, document.getElementById("app"));
