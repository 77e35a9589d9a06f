import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useEffect, useState, type SyntheticEvent } from "react";

import { meQuery, useSignIn } from "~/api/me";

import classes from "./SignIn.module.css";

export function SignIn() {
  const { to } = useSearch({ from: "/sign-in" });
  const me = useQuery(meQuery);
  const router = useRouter();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  const signedIn = Boolean(me.data);

  useEffect(() => {
    if (signedIn) router.history.replace(`/console${(to ?? "/inbox").replace(/^\/console/, "")}`);
  }, [router, signedIn, to]);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };

  return (
    <div className={classes.page}>
      <main className={classes.card}>
        <img src="/console/logo.svg" alt="" width={44} height={44} />
        <h1 className={classes.title}>Sign in to OneThread</h1>
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            label="Email"
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {signIn.isError && (
            <Alert color="red" icon={<CircleAlert size={18} />} role="alert">
              {signIn.error.message}
            </Alert>
          )}
          <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </form>
      </main>
      <p className={classes.foot}>Every customer is one thread.</p>
    </div>
  );
}
