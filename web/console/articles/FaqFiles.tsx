import { Button, Modal } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileQuestion, Trash2, X } from "lucide-react";
import { useState } from "react";

import { useDeleteEntries, useFaqFiles, useRestoreArticles } from "~/api/articles";
import type { FaqFile } from "~/api/types";
import { sayUndoable } from "~/parts/notices";
import type { ArticleSearch } from "~/router";

import classes from "./FaqFiles.module.css";
import { counted, nameOf } from "./files";

/** FAQ files stand above the list as one button each: their entries would drown it. */
export function FaqFiles({ search }: { search: ArticleSearch }) {
  const files = useFaqFiles().data ?? [];
  if (search.file) {
    const known = files.find(({ file }) => file === search.file);
    return <Chosen file={search.file} search={search} known={known} />;
  }
  if (files.length === 0) return null;
  return (
    <nav className={classes.bar} aria-label="FAQ files">
      {files.map(({ file, name, entries }) => (
        <Button
          key={file}
          renderRoot={(props) => <Link to="/articles" search={{ ...search, file }} {...props} />}
          size="compact-sm"
          variant="default"
          className={classes.file}
          leftSection={<FileQuestion size={14} aria-hidden />}
        >
          <bdi className="truncate">{name}</bdi>
          <span className={classes.count}>{counted(entries)}</span>
        </Button>
      ))}
    </nav>
  );
}

interface ChosenProps {
  file: string;
  search: ArticleSearch;
  known: FaqFile | undefined;
}

function Chosen({ file, search, known }: ChosenProps) {
  const name = nameOf(file);
  return (
    <div className={classes.bar} role="group" aria-label="File">
      <span className={classes.chosen}>
        From <bdi>{name}</bdi>
        {known && <span className={classes.count}>{counted(known.entries)}</span>}
      </span>
      <Button
        renderRoot={(props) => (
          <Link to="/articles" search={{ ...search, file: undefined }} {...props} />
        )}
        size="compact-sm"
        variant="default"
        leftSection={<X size={14} aria-hidden />}
      >
        Show all articles
      </Button>
      <DeleteEntries known={known} />
    </div>
  );
}

/** Stays mounted without a file: the entries are gone before the notice that offers an undo. */
function DeleteEntries({ known }: { known: FaqFile | undefined }) {
  const [confirming, setConfirming] = useState(false);
  const erase = useDeleteEntries();
  const restore = useRestoreArticles();
  const navigate = useNavigate();

  if (!known) return null;
  const confirm = () =>
    erase.mutate(known.file, {
      onSuccess: ({ ids }) => {
        setConfirming(false);
        sayUndoable(`Deleted ${counted(ids.length)}.`, () => restore.mutate(ids));
        void navigate({ to: "/articles" });
      },
    });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Trash2 size={14} aria-hidden />}
        onClick={() => setConfirming(true)}
      >
        Delete entries
      </Button>
      <Modal
        opened={confirming}
        onClose={() => setConfirming(false)}
        title={`Delete ${counted(known.entries)}?`}
      >
        <p className={classes.confirm}>
          Everything that came from “<bdi>{known.name}</bdi>” disappears from the list and the help
          pages, and the assistant stops answering from it. It can be brought back from the list of
          deleted articles, or by uploading the file again.
        </p>
        <div className={classes.buttons}>
          <Button color="red" loading={erase.isPending} onClick={confirm}>
            Delete
          </Button>
          <Button variant="default" onClick={() => setConfirming(false)}>
            Keep them
          </Button>
        </div>
      </Modal>
    </>
  );
}
