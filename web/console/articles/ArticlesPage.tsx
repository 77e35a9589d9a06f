import { Button, FileButton, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { BookOpen, MessageCircleQuestion, Plus, Search, SearchX, Upload } from "lucide-react";
import { useState } from "react";

import { useArticles, useFaqFiles } from "~/api/articles";
import { useMay } from "~/parts/may";
import { Empty, Failed, Lines } from "~/parts/states";
import type { ArticleSearch } from "~/router";

import { ArticleList } from "./ArticleList";
import classes from "./ArticlesPage.module.css";
import { AskBox } from "./AskBox";
import { useDropped } from "./dropped";
import { FaqFiles } from "./FaqFiles";
import { UploadList } from "./UploadList";
import { ACCEPTED, useSending } from "./sending";

/** The knowledge the assistant answers from: what there is, what is on its way, and a try-out. */
export function ArticlesPage() {
  const search = useSearch({ from: "/shell/articles" });
  const sending = useSending();
  const [asking, setAsking] = useState(false);
  const mayWrite = useMay("lead");
  const { over, handlers } = useDropped(sending.send);

  return (
    <div className={classes.page} data-over={over || undefined} {...(mayWrite ? handlers : {})}>
      <div className={classes.main}>
        <header className={classes.head}>
          <h1>Articles</h1>
          <div className={classes.buttons}>
            <Button
              className={classes.askButton}
              variant="default"
              leftSection={<MessageCircleQuestion size={16} />}
              onClick={() => setAsking(!asking)}
              aria-expanded={asking}
            >
              Try a question
            </Button>
            {mayWrite && (
              <>
                <FileButton multiple accept={ACCEPTED} onChange={sending.send}>
                  {(props) => (
                    <Button {...props} variant="default" leftSection={<Upload size={16} />}>
                      Upload
                    </Button>
                  )}
                </FileButton>
                <Button component={Link} to="/articles/new" leftSection={<Plus size={16} />}>
                  Write
                </Button>
              </>
            )}
          </div>
        </header>
        {asking && (
          <div className={classes.askInline}>
            <AskBox />
          </div>
        )}
        {mayWrite && <UploadList sending={sending} />}
        <Tools search={search} />
        <FaqFiles search={search} />
        <List search={search} />
      </div>
      <aside className={classes.ask} aria-label="Try a question">
        <AskBox />
      </aside>
      {over && <div className={classes.drop}>Drop the files to add them to the knowledge</div>}
    </div>
  );
}

function Tools({ search }: { search: ArticleSearch }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? "");
  const change = (part: ArticleSearch) =>
    void navigate({ to: "/articles", search: { ...search, ...part }, replace: true });
  const find = useDebouncedCallback((q: string) => change({ q: q.trim() || undefined }), 250);

  return (
    <div className={classes.tools}>
      <TextInput
        className={classes.search}
        aria-label="Search articles"
        placeholder="Search articles"
        leftSection={<Search size={15} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          find(event.currentTarget.value);
        }}
      />
      <Select
        aria-label="Status"
        className={classes.filter}
        value={search.status ?? ""}
        onChange={(status) => change({ status: status || undefined })}
        data={[
          { value: "", label: "All" },
          { value: "published", label: "Published" },
          { value: "archived", label: "Archived" },
          { value: "deleted", label: "Deleted" },
        ]}
        allowDeselect={false}
      />
    </div>
  );
}

function List({ search }: { search: ArticleSearch }) {
  const chosen = Boolean(search.q || search.status || search.source || search.file);
  const articles = useArticles(chosen ? search : { entries: "false" });
  const files = useFaqFiles();
  if (articles.isPending) return <Lines count={8} tall />;
  if (articles.isError) {
    return <Failed error={articles.error} retry={() => void articles.refetch()} />;
  }
  if (articles.data.length > 0) return <ArticleList query={articles} rows={articles.data} />;
  if (chosen) return <Empty icon={SearchX} title="No article fits" />;
  if (files.data?.length) {
    return (
      <Empty icon={BookOpen} title="All articles are FAQ entries">
        Open one of the files above to see its entries.
      </Empty>
    );
  }
  return (
    <Empty icon={BookOpen} title="The assistant knows nothing yet">
      Drop files here (PDF, Word, Excel, web pages, Markdown, FAQ tables), or write the first
      article.
    </Empty>
  );
}
