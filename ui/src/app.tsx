import { QueryClientProvider } from '@tanstack/preact-query';
import { ErrorBoundary, lazy, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { queries } from './api/queries.js';
import { loadSession, mayRead, session } from './api/session.js';
import { ServicesPage } from './pages/services/services.js';
import { UpgradeBar } from './shell/connection.js';
import { LoginForm } from './shell/login.js';
import { Fault, useTitle } from './shell/page.js';
import { TopBar } from './shell/top-bar.js';

const EnvironmentsPage = lazy(() =>
  import('./pages/environments/environments.js').then((module) => module.EnvironmentsPage),
);
const EnvironmentPage = lazy(() =>
  import('./pages/environment/environment.js').then((module) => module.EnvironmentPage),
);
const BuildPage = lazy(() => import('./pages/build/build.js').then((module) => module.BuildPage));
const WhyPage = lazy(() => import('./pages/why/why.js').then((module) => module.WhyPage));
const DeploymentPage = lazy(() => import('./pages/deployment/deployment.js').then((module) => module.DeploymentPage));
const BuildsPage = lazy(() => import('./pages/builds/builds.js').then((module) => module.BuildsPage));
const GraphPage = lazy(() => import('./pages/graph/graph.js').then((module) => module.GraphPage));
const SystemPage = lazy(() => import('./pages/system/system.js').then((module) => module.SystemPage));

const ServicePage = lazy(() => import('./pages/service/service.js').then((module) => module.ServicePage));
const DeliveriesPage = lazy(() => import('./pages/deliveries/deliveries.js').then((module) => module.DeliveriesPage));

const HOUR_MS = 3_600_000;

/** Everything: the bar, and the page of the address. */
export function App(): VNode {
  return (
    <QueryClientProvider client={queries}>
      <LocationProvider>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <TopBar />
        <UpgradeBar />
        <main id="main" tabIndex={-1}>
          <Gate />
        </main>
      </LocationProvider>
    </QueryClientProvider>
  );
}

/** Pages for those who may read; the form for others. */
function Gate(): VNode | null {
  const fault = useSignal<Error | null>(null);
  useEffect(() => {
    void loadSession().catch((error: Error) => (fault.value = error));
    // A page that stays open keeps its session.
    const timer = setInterval(() => void loadSession().catch(() => undefined), HOUR_MS);
    return () => clearInterval(timer);
  }, []);
  if (fault.value !== null) return <Fault error={fault.value} />;
  if (session.value === null) return null;
  if (!mayRead.value) return <LoginForm />;
  return <Pages />;
}

/** Keyboards and screen readers go on at the new page. */
function arrive(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
  if (location.hash === '') scrollTo(0, 0);
}

function Pages(): VNode {
  const fault = useSignal<Error | null>(null);
  const { url } = useLocation();
  // Another page may be sound.
  useEffect(() => void (fault.value = null), [url]);
  if (fault.value !== null) return <Fault error={fault.value} />;
  return (
    <ErrorBoundary onError={(error) => (fault.value = error)}>
      <Router onRouteChange={arrive}>
        <Route path="/" component={ServicesPage} />
        <Route path="/builds" component={BuildsPage} />
        <Route path="/builds/:id" component={BuildPage} />
        <Route path="/services/:name" component={ServicePage} />
        <Route path="/deliveries" component={DeliveriesPage} />
        <Route path="/services/:name/why/:sha" component={WhyPage} />
        <Route path="/deployments/:id" component={DeploymentPage} />
        <Route path="/graph" component={GraphPage} />
        <Route path="/system" component={SystemPage} />
        <Route path="/environments" component={EnvironmentsPage} />
        <Route path="/environments/:name" component={EnvironmentPage} />
        <Route path="/login" component={LoginPage} />
        <Route default component={NotFound} />
      </Router>
    </ErrorBoundary>
  );
}

function LoginPage(): VNode {
  useTitle('Log in');
  return <LoginForm done={() => (history.length > 1 ? history.back() : location.assign('/'))} />;
}

function NotFound(): VNode {
  useTitle('Not found');
  return (
    <div class="fault">
      <h1>Not found</h1>
      <p>
        There is no such page. <a href="/">All services</a>
      </p>
    </div>
  );
}
