// Behind the scenes: the simulated services, Telegram's faults, and of a demo the jobs, the ledger and the process.
import { get, post } from "./api.js";
import { Component, html } from "./html.js";
import { attempt, set } from "./store.js";

const PAUSE = 1500;
const LASTING = 1000; // a fault that is switched on is met this many times
const TITLES = { services: "Services", telegram: "Telegram", jobs: "Jobs", ledger: "Ledger", process: "Process", tour: "Tour" };

const cell = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));
const time = (value) => {
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  return value && !Number.isNaN(date.getTime()) ? date.toLocaleTimeString() : cell(value);
};

function Table({ label, rows, columns, shown = {} }) {
  if (!rows?.length) return html`<p class="none">${label}: none yet</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}>
    <table>
      <caption>${label}</caption>
      <thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${rows.map((row) => html`<tr>${columns.map((name) => html`<td>${(shown[name] || cell)(row[name])}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

const columnsOf = (rows) => [...new Set((rows || []).flatMap(Object.keys))].slice(0, 5);

function Service({ service, act }) {
  const waiting = (name) => service.waiting.some((each) => each.name === name);
  const turn = async (name, on) => {
    if (on) return act({ do: "fault", service: service.name, fault: name, times: LASTING });
    const others = service.waiting.filter((each) => each.name !== name);
    await act({ do: "clear", service: service.name });
    for (const each of others) await act({ do: "fault", service: service.name, fault: each.name, model: each.model, times: each.times, value: each.value });
    return undefined;
  };
  const broken = service.waiting.length + (service.key_valid ? 0 : 1);
  const requests = (service.requests || []).map((each) => (typeof each === "object" ? each : { request: each }));
  return html`<details>
    <summary><b>${service.title || service.name}</b> <span>${service.orders} orders${broken ? ` · ${broken} faults` : ""}</span></summary>
    <label class="switch">
      <input type="checkbox" checked=${!service.key_valid} onChange=${(event) => act({ do: "key", service: service.name, valid: !event.target.checked })} />
      <span>The key is refused</span>
    </label>
    ${Object.entries(service.faults).map(
      ([name, fault]) => html`<div class="fault" key=${name}>
        <label class="switch">
          <input type="checkbox" checked=${waiting(name)} onChange=${(event) => turn(name, event.target.checked)} />
          <span><b>${name}</b> ${fault.what}</span>
        </label>
        <button type="button" class="plain" aria-label=${`${name}: once`} onClick=${() => act({ do: "fault", service: service.name, fault: name, times: 1 })}>once</button>
      </div>`,
    )}
    ${service.violations?.length ? html`<p class="bad">Violations: ${service.violations.map(cell).join("; ")}</p>` : null}
    <${Table} label="Requests" rows=${requests} columns=${columnsOf(requests)} />
  </details>`;
}

function Services({ data, act }) {
  const speeds = [...new Set([0, 0.02, 0.05, 0.2, 1, data.scale])].sort((a, b) => a - b);
  return html`<div>
    <label class="field">
      Time of the services
      <select onChange=${(event) => act({ do: "scale", scale: Number(event.target.value) })}>
        ${speeds.map((each) => html`<option value=${each} selected=${each === data.scale}>× ${each}${each === 1 ? " (as documented)" : ""}</option>`)}
      </select>
    </label>
    ${data.services.map((service) => html`<${Service} key=${service.name} service=${service} act=${act} />`)}
  </div>`;
}

function Telegram({ data, act }) {
  const broken = (kind) => act({ do: "fault", kind, times: 1 });
  return html`<div>
    <h3>Break the next call</h3>
    <div class="buttons">
      ${(data.kinds || []).map((kind) => html`<button type="button" class="plain" onClick=${() => broken(kind)}>${kind}</button>`)}
      <button type="button" class="plain" onClick=${() => act({ do: "clear" })}>Clear</button>
    </div>
    <${Table} label="Faults that wait" rows=${data.faults} columns=${["kind", "method", "times"]} />
    <p>Updates that wait for the bot: ${data.pending_updates}</p>
    <${Table} label="Last calls of the bot" rows=${[...(data.calls || [])].reverse()} columns=${["time", "method", "status", "description"]} shown=${{ time }} />
  </div>`;
}

const Jobs = ({ data }) =>
  html`<${Table} label="Jobs" rows=${data.jobs} columns=${["id", "state", "model", "owner", "prompt", "price", "cause", "updated"]} shown=${{ updated: time }} />`;

function Ledger({ data }) {
  const wrong = data.verify;
  if (!wrong) return html`<p>The bot has no books yet.</p>`;
  return html`<div>
    <p class=${wrong.length ? "bad" : "good"}>
      ${wrong.length ? `The books do not add up: ${wrong.map(cell).join("; ")}` : "✓ The books add up"} <small>${time(data.checked)}</small>
    </p>
    <${Table} label="Balances" rows=${data.accounts} columns=${["name", "kind", "balance", "held"]} />
    <${Table} label="Last transfers" rows=${data.transfers} columns=${["at", "kind", "from", "to", "amount", "note"]} shown=${{ at: time }} />
  </div>`;
}

function Process({ data, act }) {
  const running = data.state === "running";
  return html`<div>
    <p role="status">The bot is <b>${data.state}</b>${data.pid ? ` (process ${data.pid})` : ""}; starts: ${data.starts}.</p>
    <p>Killed at any moment it charges nothing twice: after the next start an order goes on, or ends with an apology and costs nothing.</p>
    <div class="buttons">
      <button type="button" class="danger" disabled=${!running} onClick=${() => act({ do: "kill" })}>Kill the bot</button>
      <button type="button" class="plain" disabled=${running} onClick=${() => act({ do: "start" })}>Start it</button>
    </div>
  </div>`;
}

function Tour({ data, act }) {
  return html`<div>
    <p>Ann and Olga play a conversation in the chats: orders, an edit, a question, a top-up, a failure.</p>
    <p role="status">${data.scene ? `${data.state}: ${data.scene}` : data.state}</p>
    <button type="button" class="plain" disabled=${data.state === "playing"} onClick=${() => act({ do: "start" })}>Play the tour</button>
  </div>`;
}

const VIEWS = { services: Services, telegram: Telegram, jobs: Jobs, ledger: Ledger, process: Process, tour: Tour };

export class Panels extends Component {
  state = { names: [], name: null, data: null };

  async componentDidMount() {
    const found = await attempt(() => get("panels"));
    if (this.gone) return;
    const names = (found?.panels || []).filter((name) => VIEWS[name]);
    this.setState({ names });
    if (names.length) this.show(names[0]);
  }

  componentWillUnmount() {
    this.gone = true;
    clearTimeout(this.timer);
  }

  show = (name) => {
    this.setState({ name, data: null, failed: "" });
    this.poll(name);
  };

  async poll(name) {
    clearTimeout(this.timer);
    try {
      const data = await get(`panels/${name}`);
      if (this.gone || this.state.name !== name) return;
      this.setState({ data, failed: "" });
    } catch (error) {
      if (this.gone || this.state.name !== name) return;
      this.setState({ failed: error.message });
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.poll(name), PAUSE);
  }

  act = async (order) => {
    const { name } = this.state;
    const data = await attempt(() => post(`panels/${name}`, order));
    if (data && this.state.name === name) this.setState({ data });
    return data;
  };

  render(_, { names, name, data, failed }) {
    const View = VIEWS[name];
    return html`<aside class="panels" aria-label="Behind the scenes">
      <header class="head">
        <div class="title"><h2>Behind the scenes</h2></div>
        <button type="button" class="icon" aria-label="Close" onClick=${() => set({ panels: false })}>✕</button>
      </header>
      <div class="topics" role="group" aria-label="Panels">
        ${names.map(
          (each) => html`<button type="button" class=${each === name ? "current" : ""} aria-pressed=${each === name ? "true" : "false"} onClick=${() => this.show(each)}>${TITLES[each]}</button>`,
        )}
      </div>
      <div class="panel">
        ${failed ? html`<p class="bad">${failed}</p>` : null}
        ${data && View ? html`<${View} data=${data} act=${this.act} />` : html`<p>Loading…</p>`}
      </div>
    </aside>`;
  }
}
