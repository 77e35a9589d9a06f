import company from "../../knowledge/demo/company.json";
import customers from "../../knowledge/demo/customers.json";
import logo from "../../knowledge/demo/logo.svg";

/** The shop's own server would sign its customers in like this; here the demo does it. */
interface Identity {
  jwt: string;
}

type Product = (typeof company.products)[number];

type OneThread = ((verb: string, ...args: unknown[]) => void) & { q?: unknown[][] };

const pictures = import.meta.glob<string>("../../knowledge/demo/pictures/*.svg", {
  eager: true,
  import: "default",
});

/** Where this browser remembers who is signed in, as a shop's session would. */
const SIGNED_IN = "demo:signed-in";

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

function card(product: Product): HTMLElement {
  const made = document.createElement("article");
  const image = document.createElement("img");
  const name = document.createElement("h2");
  const view = document.createElement("button");
  const text = document.createElement("p");
  const price = document.createElement("strong");
  image.src = picture(product.picture);
  image.alt = "";
  image.loading = "lazy";
  view.type = "button";
  view.textContent = product.name;
  view.onclick = () => show(product);
  name.append(view);
  text.textContent = product.description;
  price.textContent = money(Number(product.price));
  made.append(image, name, text, price);
  return made;
}

function money(amount: number): string {
  return new Intl.NumberFormat("en", { style: "currency", currency: company.currency }).format(
    amount,
  );
}

/** A closer look at a product: the people in the desk see what the visitor is looking at. */
function show(product: Product): void {
  const dialog = element<HTMLDialogElement>("product");
  element<HTMLImageElement>("product-picture").src = picture(product.picture);
  element("product-name").textContent = product.name;
  element("product-text").textContent = product.description;
  element("product-price").textContent = money(Number(product.price));
  element("product-close").onclick = () => dialog.close();
  element("product-add").onclick = () => {
    add(product);
    dialog.close();
  };
  element("product-ask").onclick = () => {
    dialog.close();
    oneThread("open");
  };
  dialog.showModal();
  oneThread("setAttributes", { "Looking at": product.name });
  oneThread("track", "Viewed a product", { product: product.name, price: Number(product.price) });
}

let basket: Product[] = [];

function add(product: Product): void {
  fillBasket([...basket, product]);
  oneThread("track", "Added to basket", { product: product.name, price: Number(product.price) });
  oneThread("setAttributes", { "Items in basket": basket.length, "Basket total": basketTotal() });
}

function fillBasket(products: Product[]): void {
  basket = products;
  const items = basket.length === 1 ? "1 item" : `${basket.length} items`;
  element("basket").textContent = basket.length ? `${items}, ${basketTotal()}` : "empty";
}

function basketTotal(): string {
  return money(basket.reduce((sum, { price }) => sum + Number(price), 0));
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
  select.onchange = () => {
    oneThread("reset");
    fillBasket([]);
    localStorage.setItem(SIGNED_IN, select.value);
    void signIn(select.value);
  };
  select.value = localStorage.getItem(SIGNED_IN) ?? "";
  void signIn(select.value);
}

async function signIn(merchantId: string): Promise<void> {
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
