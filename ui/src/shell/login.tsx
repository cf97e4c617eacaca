import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Problem } from '../api/client.js';
import { open } from '../api/live.js';
import { queries } from '../api/queries.js';
import { isLoggedIn, logIn, logOut, session } from '../api/session.js';

/** Asks for a token. It leaves the page with one call and is kept nowhere in the browser. */
export function LoginForm({ done }: { done?: () => void }): VNode {
  const fault = useSignal<string | null>(null);
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    busy.value = true;
    fault.value = null;
    try {
      await logIn(String(new FormData(form).get('token')).trim());
      form.reset();
      await queries.invalidateQueries();
      open();
      done?.();
    } catch (error) {
      fault.value = error instanceof Problem && error.status === 401 ? 'No such token.' : (error as Error).message;
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="login" onSubmit={(event) => void submit(event)}>
      <h1>Log in</h1>
      <p class="soft">With a token of the configuration (access.tokens). It shows what its scopes allow.</p>
      <label>
        Token
        <input name="token" type="password" autocomplete="current-password" required aria-describedby="login-fault" />
      </label>
      <p id="login-fault" class="bad" role="alert">
        {fault.value}
      </p>
      <button class="primary" disabled={busy.value}>
        Log in
      </button>
    </form>
  );
}

/** Name of the visitor and the way out, or the way in. */
export function Account(): VNode | null {
  if (session.value === null) return null;
  if (!isLoggedIn.value) return <a href="/login">Log in to act</a>;
  const leave = async () => {
    await logOut();
    await queries.resetQueries();
    open();
  };
  return (
    <span class="account">
      {session.value.name}{' '}
      <button type="button" class="quiet" onClick={() => void leave()}>
        Log out
      </button>
    </span>
  );
}
