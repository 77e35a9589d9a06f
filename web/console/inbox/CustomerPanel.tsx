import { Badge, Button } from "@mantine/core";
import { Pencil } from "lucide-react";
import { useState } from "react";

import { useCustomer } from "~/api/customers";
import type { Customer, Order } from "~/api/types";
import { Face } from "~/parts/Face";
import { Failed, Lines } from "~/parts/states";

import { ConsentBox } from "./ConsentBox";
import { CustomerForm } from "./CustomerForm";
import classes from "./CustomerPanel.module.css";
import { History } from "./History";
import { Identities } from "./Identities";
import { MergeBox } from "./MergeBox";
import { OpenQuestions } from "./OpenQuestions";
import { Section } from "./PanelSection";
import { WebsiteBox } from "./WebsiteBox";

export function CustomerPanel({ id, current }: { id: string; current: string }) {
  const customer = useCustomer(id);
  if (customer.isPending) return <Lines count={8} />;
  if (customer.isError) {
    return <Failed error={customer.error} retry={() => void customer.refetch()} />;
  }
  return (
    <div className={classes.panel}>
      <Who customer={customer.data} />
      <OpenQuestions customer={customer.data} current={current} />
      <Identities customer={customer.data} current={current} />
      <ConsentBox customerId={customer.data.id} />
      <Orders orders={customer.data.orders} />
      <WebsiteBox customer={customer.data} />
      <History customer={customer.data} current={current} />
      <MergeBox customer={customer.data} />
    </div>
  );
}

function Who({ customer }: { customer: Customer }) {
  const [editing, setEditing] = useState(false);
  if (editing) return <CustomerForm customer={customer} onDone={() => setEditing(false)} />;
  const facts = [
    ["Language", languageName(customer.language)],
    ["City", customer.city],
    ["Customer number", customer.merchant_id],
    ...Object.entries(customer.attributes).map(([key, value]) => [inWords(key), asText(value)]),
  ].filter((fact): fact is [string, string] => Boolean(fact[1]));
  return (
    <section className={classes.section}>
      <div className={classes.who}>
        <Face name={customer.name || "Visitor"} size={44} />
        <h2 className={classes.name}>
          <bdi>{customer.name || "Visitor"}</bdi>
        </h2>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Pencil size={12} />}
          onClick={() => setEditing(true)}
        >
          Edit
        </Button>
      </div>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Orders({ orders }: { orders: Order[] }) {
  if (orders.length === 0) return null;
  return (
    <Section title="Orders" count={orders.length}>
      {orders.map((order, index) => (
        <OrderCard key={order.number ?? index} order={order} />
      ))}
    </Section>
  );
}

function OrderCard({ order }: { order: Order }) {
  return (
    <div className={classes.order}>
      <div className={classes.orderTop}>
        <strong>{order.number ?? "Order"}</strong>
        {order.status && <Badge color="gray">{inWords(order.status)}</Badge>}
      </div>
      <div className={classes.orderFacts}>
        {order.placed_at && <span>{new Date(order.placed_at).toLocaleDateString()}</span>}
        {order.total && <span>{money(order.total, order.currency)}</span>}
      </div>
      {order.items && (
        <ul dir="auto">
          {order.items.map((item, index) => (
            <li key={index}>
              {item.quantity && item.quantity > 1 ? `${item.quantity} × ` : ""}
              {item.name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function money(amount: string, currency = ""): string {
  if (!currency || Number.isNaN(Number(amount))) return amount;
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(Number(amount));
}

function languageName(code: string): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function asText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function inWords(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
