import type { ComponentChildren, VNode } from 'preact';
import type { Rules as RulesOf, Service } from '../../api/types.js';
import { refName, shortCommit } from '../../parts/short.js';

/** What decides whether it is built, and where that and its Dockerfile have drifted apart. */
export function Rules({ service, rules }: { service: Service; rules: RulesOf }): VNode {
  const { included, excluded, auto, branches, gitTags, trigger, artifact, builds, cascade } = rules;
  const isThere = new Set(service.branches.map(({ branch }) => branch));
  const drift = rules.drift.filter(({ branch }) => isThere.has(branch));
  return (
    <section aria-labelledby="rules-title">
      <h2 id="rules-title">Rules</h2>
      <dl class="facts">
        <Fact name="Included">
          {auto ? 'what the Dockerfile reads' : included.length === 0 ? 'every path' : <Patterns texts={included} />}
        </Fact>
        {excluded.length > 0 && (
          <Fact name="Excluded">
            <Patterns texts={excluded} />
          </Fact>
        )}
        <Fact name="Branches">
          <Patterns texts={branches} />
        </Fact>
        {gitTags.length > 0 && (
          <Fact name="Git tags">
            <Patterns texts={gitTags} />
          </Fact>
        )}
        <Fact name="Built">
          {trigger === 'artifact' ? 'when its artifact is uploaded' : 'when something that counts is pushed'}
          {builds === 'every-push' && ', for each push'}
          {cascade ? ', and when a base image changes' : '; a changed base image does not count'}
        </Fact>
        {artifact !== null && (
          <Fact name="Artifact">
            <span class="mono">{artifact}</span>
          </Fact>
        )}
      </dl>
      {drift.length > 0 && (
        <ul class="drifts" aria-label="Region drift">
          {drift.map(({ branch, message, dockerfile }) => (
            <li key={`${branch} ${message}`}>
              <span class="warn">
                <span aria-hidden="true">△ </span>Region drift
              </span>{' '}
              {message}{' '}
              <span class="soft">
                {refName(branch)}
                {dockerfile !== null && (
                  <>
                    {', '}
                    <span class="mono">
                      {dockerfile.path}:{dockerfile.line}
                    </span>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The Dockerfile of the newest build, and the images below it. */
export function MadeWith({ service, rules }: { service: Service; rules: RulesOf }): VNode {
  const last = service.branches
    .flatMap(({ lastBuild }) => lastBuild ?? [])
    .find(({ dockerfile }) => dockerfile !== null);
  const place = last?.dockerfile ?? null;
  return (
    <section aria-labelledby="made-title">
      <h2 id="made-title">Made with</h2>
      <dl class="facts">
        <Fact name="Dockerfile">
          {place === null ? (
            <span class="soft">
              {rules.dockerfile === null ? 'the first that is found; nothing was built yet' : rules.dockerfile}
            </span>
          ) : (
            <>
              <span class="mono">{place.path}</span>{' '}
              <span class="soft">
                {place.source === 'central' ? 'of the central dockerfiles' : 'of the repository'}
                {place.commit !== null && `, at ${shortCommit(place.commit)}`}
                {rules.target !== null && `, target ${rules.target}`}
              </span>
            </>
          )}
        </Fact>
        <Fact name="Base images">
          {rules.bases.length === 0 ? (
            <span class="soft">none that another service makes</span>
          ) : (
            <ul>
              {rules.bases.map(({ branch, reference, base }) => (
                <li key={`${branch} ${reference}`}>
                  <span class="mono">{reference}</span> <span class="soft">on {refName(branch)}, made by</span>{' '}
                  <a href={`/services/${encodeURIComponent(base)}`}>{base}</a>
                </li>
              ))}
            </ul>
          )}{' '}
          <a href={`/graph?filter=${encodeURIComponent(service.name)}`}>graph</a>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Patterns({ texts }: { texts: readonly string[] }): VNode {
  return (
    <span class="patterns">
      {texts.map((text) => (
        <code key={text}>{text}</code>
      ))}
    </span>
  );
}
