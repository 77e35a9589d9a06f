import { ActionIcon, Badge, Button, Menu, Modal, Tabs } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import {
  Archive,
  ArrowLeft,
  Ellipsis,
  ExternalLink,
  Pencil,
  RotateCcw,
  Trash2,
} from "lucide-react";
import { useState } from "react";

import { useArticle, useArticleAct } from "~/api/articles";
import type { Article } from "~/api/types";
import { ArticleText } from "~/parts/Markdown";
import { useMay } from "~/parts/may";
import { sayUndoable } from "~/parts/notices";
import { Failed, Lines } from "~/parts/states";
import { Ago } from "~/parts/time";

import { ArticleEditor } from "./ArticleEditor";
import classes from "./ArticlePage.module.css";
import { nameOf } from "./files";
import { PassageList } from "./PassageList";
import { VersionList } from "./VersionList";

export function NewArticlePage() {
  const navigate = useNavigate();
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Back />
        <h1 className={classes.title}>New article</h1>
      </header>
      <ArticleEditor
        article={null}
        onDone={(saved) =>
          void navigate(
            saved
              ? { to: "/articles/$articleId", params: { articleId: saved.id } }
              : { to: "/articles" },
          )
        }
      />
    </div>
  );
}

export function ArticlePage() {
  const { articleId } = useParams({ from: "/shell/articles/$articleId" });
  const article = useArticle(articleId);
  return (
    <div className={classes.page}>
      {article.isPending ? (
        <Lines count={12} />
      ) : article.isError ? (
        <Failed error={article.error} retry={() => void article.refetch()} />
      ) : (
        <Open key={articleId} article={article.data} />
      )}
    </div>
  );
}

function Open({ article }: { article: Article }) {
  const mayWrite = useMay("lead");
  const [editing, setEditing] = useState(false);
  const facts = [
    article.kind === "faq" && "FAQ entry",
    article.source,
    article.language,
    article.audience,
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <>
      <header className={classes.head}>
        <Back file={article.kind === "faq" ? article.file || undefined : undefined} />
        <div className={classes.names}>
          <h1 className={classes.title} dir="auto">
            {article.title || "Untitled"}
          </h1>
          <p className={classes.facts}>
            <State article={article} />
            <span>
              version {article.version}, changed <Ago at={article.updated_at} />
            </span>
            <span>{facts}</span>
            {article.file && (
              <Link to="/articles" search={{ file: article.file }}>
                from <bdi>{nameOf(article.file)}</bdi>
              </Link>
            )}
          </p>
        </div>
        {!editing && mayWrite && <Actions article={article} onEdit={() => setEditing(true)} />}
      </header>
      {editing ? (
        <ArticleEditor article={article} onDone={() => setEditing(false)} />
      ) : (
        <Tabs defaultValue="text" className={classes.tabs} classNames={{ panel: classes.panel }}>
          <Tabs.List className={classes.tabList}>
            <Tabs.Tab value="text">Text</Tabs.Tab>
            <Tabs.Tab value="passages">Passages ({article.passages.length})</Tabs.Tab>
            <Tabs.Tab value="versions">Versions ({article.versions.length})</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="text">
            <div className={classes.paper}>
              <ArticleText text={article.text} />
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="passages">
            <PassageList article={article} />
          </Tabs.Panel>
          <Tabs.Panel value="versions">
            <VersionList article={article} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}

/** To the list it was found in: that of its file for a FAQ entry. */
function Back({ file }: { file?: string }) {
  return (
    <ActionIcon
      renderRoot={(props) => <Link to="/articles" search={{ file }} {...props} />}
      size={34}
      aria-label="Back to the articles"
    >
      <ArrowLeft size={19} />
    </ActionIcon>
  );
}

function State({ article }: { article: Article }) {
  if (article.status !== "published") return <Badge color="gray">{article.status}</Badge>;
  if (!article.indexed) return <Badge color="yellow">indexing</Badge>;
  return <Badge color="thread">published</Badge>;
}

function Actions({ article, onEdit }: { article: Article; onEdit: () => void }) {
  const act = useArticleAct();
  const navigate = useNavigate();
  const [confirming, setConfirming] = useState(false);
  const gone = article.status !== "published";

  const archive = () =>
    act.mutate(
      { id: article.id, verb: "archive" },
      {
        onSuccess: () =>
          sayUndoable("Archived: the assistant no longer uses it.", () =>
            act.mutate({ id: article.id, verb: "restore" }),
          ),
      },
    );
  const erase = () =>
    act.mutate(
      { id: article.id, verb: "delete" },
      {
        onSuccess: () => {
          sayUndoable("Deleted.", () => act.mutate({ id: article.id, verb: "restore" }));
          void navigate({ to: "/articles" });
        },
      },
    );

  return (
    <div className={classes.actions}>
      {gone ? (
        <Button
          leftSection={<RotateCcw size={15} />}
          loading={act.isPending}
          onClick={() => act.mutate({ id: article.id, verb: "restore" })}
        >
          Restore
        </Button>
      ) : (
        <Button leftSection={<Pencil size={15} />} onClick={onEdit}>
          Edit
        </Button>
      )}
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon size={34} aria-label="More actions">
            <Ellipsis size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {article.url && (
            <Menu.Item
              component="a"
              href={article.url}
              target="_blank"
              rel="noopener noreferrer"
              leftSection={<ExternalLink size={15} />}
            >
              Open as customers see it
            </Menu.Item>
          )}
          {!gone && (
            <Menu.Item leftSection={<Archive size={15} />} onClick={archive}>
              Archive
            </Menu.Item>
          )}
          {article.status !== "deleted" && (
            <Menu.Item
              color="red"
              leftSection={<Trash2 size={15} />}
              onClick={() => setConfirming(true)}
            >
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={confirming} onClose={() => setConfirming(false)} title="Delete this article?">
        <p className={classes.confirm}>
          “{article.title}” disappears from the list and the help pages, and the assistant stops
          answering from it. It can be brought back from the list of deleted articles.
        </p>
        <div className={classes.actions}>
          <Button color="red" loading={act.isPending} onClick={erase}>
            Delete
          </Button>
          <Button
            variant="default"
            onClick={() => {
              setConfirming(false);
              if (!gone) archive();
            }}
          >
            {gone ? "Keep it" : "Archive instead"}
          </Button>
        </div>
      </Modal>
    </div>
  );
}
