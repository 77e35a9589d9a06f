import { Button, Modal, type MantineSize } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Plus, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";

import { Empty } from "~/parts/states";

import classes from "./EditableList.module.css";
import { Section } from "./Section";

interface Props<T> {
  title: string;
  text: string;
  query: UseQueryResult<T[]>;
  icon: LucideIcon;
  empty: string;
  add: string;
  size?: MantineSize;
  row: (item: T) => { picture: ReactNode; detail: string; badges: ReactNode };
  /** The form for an item, or for a new one. */
  form: (item: T | null, close: () => void) => ReactNode;
}

/** A screen of the settings with a list of named things, each opening its form. */
export function EditableList<T extends { id: string; name: string }>(props: Props<T>) {
  const [open, setOpen] = useState<T | "new" | null>(null);
  const close = () => setOpen(null);
  return (
    <Section
      title={props.title}
      text={props.text}
      query={props.query}
      action={
        <Button leftSection={<Plus size={16} />} onClick={() => setOpen("new")}>
          {props.add}
        </Button>
      }
    >
      {(all) => (
        <>
          {all.length === 0 ? (
            <Empty icon={props.icon} title={props.empty} />
          ) : (
            <ul className={classes.list}>
              {all.map((item) => (
                <li key={item.id}>
                  <Row name={item.name} {...props.row(item)} onOpen={() => setOpen(item)} />
                </li>
              ))}
            </ul>
          )}
          <Modal
            opened={open !== null}
            onClose={close}
            title={open === "new" ? props.add : open?.name}
            size={props.size}
          >
            {open && props.form(open === "new" ? null : open, close)}
          </Modal>
        </>
      )}
    </Section>
  );
}

interface RowProps {
  name: string;
  picture: ReactNode;
  detail: string;
  badges: ReactNode;
  onOpen: () => void;
}

function Row({ name, picture, detail, badges, onOpen }: RowProps) {
  return (
    <button className={classes.row} onClick={onOpen}>
      {picture}
      <span className={classes.names}>
        <bdi className="truncate">{name}</bdi>
        <small className="truncate">{detail}</small>
      </span>
      {badges}
    </button>
  );
}
