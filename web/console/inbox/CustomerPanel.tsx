import { Badge, Button, Tooltip, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Pencil } from "lucide-react";
import { useState, type ReactNode } from "react";

import { useCustomer } from "~/api/customers";
import type { Customer, Identity, Order } from "~/api/types";
import { channelName } from "~/parts/ChannelIcon";
import { Face } from "~/parts/Face";
import { Failed, Lines } from "~/parts/states";
import { Ago, fullTime } from "~/parts/time";

import { CustomerForm } from "./CustomerForm";
import classes from "./CustomerPanel.module.css";
import { MergeBox } from "./MergeBox";
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
      <Identities customer={customer.data} />
      <Orders orders={customer.data.orders} />
      <WebsiteBox customer={customer.data} />
      <Earlier customer={customer.data} current={current} />
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

function Section(props: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>
        {props.title}
        {!!props.count && <span>{props.count}</span>}
      </h3>
      {props.children}
    </section>
  );
}

const STRENGTHS: Record<string, { word: string; colour: string; meaning: string }> = {
  claimed: { word: "Claimed", colour: "gray", meaning: "Somebody said so. Proves nothing." },
  observed: { word: "Seen", colour: "gray", meaning: "Messages come from this address." },
  asserted: { word: "Assigned", colour: "blue", meaning: "A trusted system says it is theirs." },
  verified: { word: "Verified", colour: "thread", meaning: "The channel or a code proved it." },
  signed: { word: "Signed", colour: "thread", meaning: "Your shop signed it." },
};

function Identities({ customer }: { customer: Customer }) {
  return (
    <Section title="Identities" count={customer.identities.length}>
      {customer.identities.map((identity) => (
        <IdentityLine key={identity.id} identity={identity} />
      ))}
    </Section>
  );
}

function IdentityLine({ identity }: { identity: Customer["identities"][number] }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <UnstyledButton
        className={classes.identity}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight
          size={13}
          className={classes.chevron}
          data-open={open || undefined}
          aria-hidden
        />
        <span className={classes.address}>
          <small>{identityKind(identity.kind)}</small>
          <bdi className="truncate" title={identity.value}>
            {identity.value}
          </bdi>
        </span>
        <Strength identity={identity} />
      </UnstyledButton>
      {open && (
        <ul className={classes.evidence}>
          {identity.evidence.map((one, index) => (
            <li key={index}>
              {one.source || "No source given"}{" "}
              <small>
                {STRENGTHS[one.strength]?.word ?? one.strength}, {fullTime(one.at)}
              </small>
            </li>
          ))}
          {identity.evidence.length === 0 && <li>No evidence on record.</li>}
        </ul>
      )}
    </div>
  );
}

function Strength({ identity }: { identity: Identity }) {
  const known = STRENGTHS[identity.strength];
  return (
    <Tooltip label={known?.meaning ?? identity.strength}>
      <Badge color={known?.colour ?? "gray"} size="sm">
        {known?.word ?? identity.strength}
      </Badge>
    </Tooltip>
  );
}

function identityKind(kind: string): string {
  return { visitor: "Website visitor", external: "Customer number" }[kind] ?? channelName(kind);
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

function Earlier({ customer, current }: { customer: Customer; current: string }) {
  const others = customer.conversations.filter(({ id }) => id !== current);
  return (
    <Section title="Earlier conversations" count={others.length}>
      {others.length === 0 && <p className={classes.none}>This is the first one.</p>}
      {others.map((row) => (
        <Link
          key={row.id}
          to="/inbox/$conversationId"
          params={{ conversationId: row.id }}
          className={classes.earlier}
        >
          <span className="truncate" dir="auto">
            {row.subject || row.preview || "No text"}
          </span>
          <small>
            <Ago at={row.last_at} />
            {row.status === "resolved" ? ", resolved" : ", open"}
          </small>
        </Link>
      ))}
    </Section>
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
