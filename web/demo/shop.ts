import company from "../../knowledge/demo/company.json";
import customers from "../../knowledge/demo/customers.json";
import logo from "../../knowledge/demo/logo.svg";

/** The shop's own server would sign its customers in like this; here the demo does it. */
interface Identity {
  jwt: string;
}

type OneThread = ((verb: string, ...args: unknown[]) => void) & { q?: unknown[][] };

const pictures = import.meta.glob<string>("../../knowledge/demo/pictures/*.svg", {
  eager: true,
  import: "default",
});

const IDEAS = [
  "How long does delivery take?",
  "My Ferro One shows an error code",
  "Can I return opened coffee?",
  "How do I pause my subscription?",
  "I want to talk to a person",
];

const queue: OneThread = (...call: unknown[]) => (queue.q ??= []).push(call);
(window as { OneThread?: OneThread }).OneThread ??= queue;
const oneThread = (...call: [string, ...unknown[]]) =>
  (window as { OneThread?: OneThread }).OneThread?.(...call);

function element<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

function picture(path: string): string {
  return pictures[`../../knowledge/demo/${path}`] ?? "";
}

function fillPage(): void {
  element<HTMLImageElement>("logo").src = logo;
  element("tagline").textContent = company.tagline;
  element<HTMLImageElement>("hero").src = picture(company.products[0]?.picture ?? "");
  element("address").textContent = `${company.legal_name}, ${company.address}`;
  element("products").append(...company.products.map(card));
  element("ideas").append(...IDEAS.map(idea));
  element("ask").onclick = () => oneThread("open");
  fillCommands(customers[0]);
}

function card(product: (typeof company.products)[number]): HTMLElement {
  const made = document.createElement("article");
  const image = document.createElement("img");
  const name = document.createElement("h2");
  const text = document.createElement("p");
  const price = document.createElement("strong");
  image.src = picture(product.picture);
  image.alt = "";
  image.loading = "lazy";
  name.textContent = product.name;
  text.textContent = product.description;
  price.textContent = new Intl.NumberFormat("en", {
    style: "currency",
    currency: company.currency,
  }).format(Number(product.price));
  made.append(image, name, text, price);
  return made;
}

function idea(text: string): HTMLElement {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}

function fillCommands(customer: (typeof customers)[number] | undefined): void {
  const phone = customer?.phone ?? "+4915200000001";
  const email = customer?.email ?? "someone@post.example";
  const call = ".venv/bin/onethread demo";
  element("whatsapp").textContent = `${call} whatsapp --from ${phone} "Where is my order?"`;
  element("email").textContent = `${call} email --from ${email} "Where is my order?"`;
}

function fillCustomers(): void {
  const select = element<HTMLSelectElement>("customer");
  for (const customer of customers) {
    select.add(new Option(`${customer.name}, ${customer.city}`, customer.merchant_id));
  }
  select.onchange = () => void signIn(select.value);
}

async function signIn(merchantId: string): Promise<void> {
  oneThread("reset");
  fillCommands(customers.find(({ merchant_id }) => merchant_id === merchantId) ?? customers[0]);
  if (!merchantId) return;
  const response = await fetch(`/demo/identity/${encodeURIComponent(merchantId)}`);
  if (response.ok) oneThread("identify", ((await response.json()) as Identity).jwt);
}

async function addChat(): Promise<void> {
  const response = await fetch("/demo/settings");
  if (!response.ok) return;
  const { inbox_id: inbox } = (await response.json()) as { inbox_id: string };
  const script = document.createElement("script");
  script.src = "/widget.js";
  script.dataset.inbox = inbox;
  script.async = true;
  document.head.append(script);
}

fillPage();
fillCustomers();
void addChat();
