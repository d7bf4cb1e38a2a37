import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExaError, errorTags, isExaError, toProblem } from './errors.ts';
import type { Head } from './head.ts';
import { parseReceipt, parseVersionEvent } from './parse-change.ts';
import { parseDatasetList, parseHead } from './parse-head.ts';
import { parseProblem } from './parse-problem.ts';
import { parseProfile } from './parse-profile.ts';
import type { Profile } from './profile.ts';

const profile: Profile = {
  part: 'orders',
  label: 'Orders',
  grain: 'line',
  keys: ['c1'],
  roles: { id: 'c1', amount: 'amount' },
  labels: { c1: 'Order' },
  links: [{ id: 'client', label: 'Client', column: 'c2', dataset: 'clients', key: 'c1' }],
  calculated: [{ id: 'amount', label: 'Amount', formula: 'a * b' }],
  measures: [{ id: 'revenue', label: 'Revenue', formula: 'sum(amount)', format: 'money' }],
  zone: 'Europe/London',
  currency: 'GBP',
  dimensions: ['client.country'],
};

const head: Head = {
  id: 'orders',
  name: 'Orders',
  epoch: 'e',
  scope: 'public',
  version: 7,
  asOf: '2026-01-01T00:00:00Z',
  allocated: 65_537,
  columns: [
    { id: 'c1', name: 'Order', type: { kind: 'text' } },
    { id: 'c2', name: 'Price', type: { kind: 'decimal', precision: 18, scale: 2 } },
  ],
  profile,
  revisions: [3, 7],
  live: [65_536, 0],
  zones: { UTC: { from: [-8.64e15], offsetMs: [0] } },
};

const event = {
  version: 8,
  previous: 7,
  asOf: '',
  datasets: [{ id: 'orders', epoch: 'e', headChanged: false, allocated: 9, blocks: [{ block: 0, live: 9 }] }],
};
const receipt = { version: 8, asOf: '', appended: 1, updated: 2, deleted: 3 };
const summary = { id: 'a', name: 'A', epoch: 'e', version: 1, asOf: '', rows: 2, bytes: 3, profile };
const list = { version: 1, asOf: '', datasets: [summary] };

const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const parsers: [string, (value: unknown, path: string) => unknown, unknown][] = [
  ['profile', parseProfile, profile],
  ['head', parseHead, head],
  ['event', parseVersionEvent, event],
  ['receipt', parseReceipt, receipt],
  ['datasets', parseDatasetList, list],
];

test.each(parsers)(
  '%s: what was sent is what is read, and unknown members are left out',
  (name, parse, value) => {
    expect(parse(wire(value), name)).toEqual(value);
    expect(parse({ ...(wire(value) as object), later: 1 }, name)).toEqual(value);
  },
);

test.each(parsers)(
  '%s: a member of another kind, or missing, is named in one sentence',
  (name, parse, value) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(value as object).filter((member) => member !== 'currency')),
        fc.constantFrom<unknown>(undefined, null, Symbol.iterator.toString, { odd: [] }),
        (member, odd) => {
          const spoiled = { ...(value as object), [member]: odd };
          if (member === 'labels' && typeof odd === 'object' && odd) return;
          const error = thrown(() => parse(spoiled, name));
          expect(isExaError(error, 'corrupt')).toBe(true);
          expect(String(error)).toContain(member);
        },
      ),
      { numRuns: 60 },
    );
  },
);

test('anything at all is either read or refused as corrupt', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      for (const [name, parse] of parsers) {
        const error = thrown(() => parse(value, name));
        expect(isExaError(error, 'corrupt')).toBe(true);
      }
    }),
  );
});

test('roles of a later version are left out', () => {
  expect(parseProfile(wire({ ...profile, roles: { id: 'c1', warehouse: 'c9' } }), 'profile').roles).toEqual({
    id: 'c1',
  });
});

test('a problem of any tag comes back as the error it was', () => {
  for (const tag of errorTags) {
    const sent = toProblem(new ExaError(tag, 'What, where, what to do.', { facts: { column: 'c1', at: 4 } }));
    const error = parseProblem(sent.status, wire(sent));
    expect(error).toMatchObject({
      tag,
      message: sent.detail,
      facts: { column: 'c1', at: 4, status: sent.status },
    });
  }
});

test('whatever a failing server says, there is a tag and a sentence', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 599 }), fc.anything(), (status, body) => {
      const error = parseProblem(status, body);
      expect(errorTags).toContain(error.tag);
      expect(error.message).toMatch(/./);
      expect(error.facts.status).toBe(status);
    }),
  );
});

function thrown(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
