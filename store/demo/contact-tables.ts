import type { ColumnType } from '../../src/protocol/column.ts';
import { dayMs, timeline } from './calendar.ts';
import { chosenColumn, dateColumn, int32Column, optionalInt32Column, timestampColumn } from './columns.ts';
import { weighted } from './random.ts';
import { type DemoTable, table } from './tables.ts';
import type { World } from './world.ts';

const int32: ColumnType = { kind: 'int32' };
const text: ColumnType = { kind: 'text' };
const timestamp: ColumnType = { kind: 'timestamp' };
const date: ColumnType = { kind: 'date' };

const eventKinds = ['call', 'email', 'visit', 'chat', 'newsletter', 'return'] as const;
const eventOutcomes = ['answered', 'no answer', 'interested', 'order', 'complaint', 'none'] as const;

export function eventsTable(world: World): DemoTable {
  const { random, size } = world;
  const times = timeline(size.events, size.days, world.today, 1.6, random, 100);
  const kind = weighted([22, 30, 9, 14, 20, 5]);
  const outcome = weighted([28, 24, 16, 12, 5, 15]);
  return table(
    'contact_events',
    { id: int32, date: timestamp, client: int32, kind: text, outcome: text, minutes: int32 },
    size.events,
    (n, start) => ({
      id: int32Column(n, (i) => start + i + 1),
      date: timestampColumn(n, (i) => times.at(start + i)),
      client: int32Column(n, (i) => clientAt(world, 102, start + i, times.at(start + i))),
      kind: chosenColumn(n, eventKinds, (i) => kind(random(103, start + i))),
      outcome: chosenColumn(n, eventOutcomes, (i) => outcome(random(104, start + i))),
      minutes: int32Column(n, (i) => 1 + Math.floor(40 * random(105, start + i) ** 3)),
    }),
  );
}

const subjects = [
  'Where is my parcel?',
  'Invoice copy, please',
  'Wrong colour delivered',
  'Question about sizes',
  'Quote for 40 pieces',
  'Change of address',
  'Return of an article',
  'Thank you',
  'Opening hours',
  'Payment did not go through',
] as const;
const messageStates = ['new', 'open', 'answered', 'closed'] as const;
const mailChannels = ['email', 'form', 'chat', 'marketplace'] as const;

export function messagesTable(world: World): DemoTable {
  const { random, size } = world;
  const times = timeline(size.messages, size.days, world.today, 1.9, random, 110);
  const channel = weighted([48, 24, 18, 10]);
  return table(
    'messages',
    { id: int32, date: timestamp, client: int32, order: int32, subject: text, channel: text, state: text },
    size.messages,
    (n, start) => ({
      id: int32Column(n, (i) => start + i + 1),
      date: timestampColumn(n, (i) => times.at(start + i)),
      client: int32Column(n, (i) => clientAt(world, 112, start + i, times.at(start + i))),
      order: optionalInt32Column(n, (i) =>
        random(113, start + i) < 0.6 ? recentOrder(world, 114, start + i, times.at(start + i)) : undefined,
      ),
      subject: chosenColumn(n, subjects, (i) => Math.floor(random(115, start + i) * subjects.length)),
      channel: chosenColumn(n, mailChannels, (i) => channel(random(116, start + i))),
      state: chosenColumn(n, messageStates, (i) => {
        const days = ((world.today - times.at(start + i)) / dayMs) * (0.5 + random(117, start + i));
        return days < 0.5 ? 0 : days < 2 ? 1 : days < 6 ? 2 : 3;
      }),
    }),
  );
}

const titles = [
  'Call back',
  'Send a quote',
  'Check stock',
  'Refund',
  'Prepare delivery',
  'Renew contract',
] as const;
const taskStates = ['open', 'in progress', 'done'] as const;
const priorities = ['low', 'normal', 'high'] as const;
const assignees = ['Ada', 'Bruno', 'Claire', 'Dimitri', 'Elsa', 'Farid', 'Greta', 'Hana'] as const;

export function tasksTable(world: World): DemoTable {
  const { random, size } = world;
  const times = timeline(size.tasks, size.days, world.today, 1.5, random, 120);
  const priority = weighted([25, 60, 15]);
  return table(
    'tasks',
    {
      id: int32,
      created: timestamp,
      due: date,
      title: text,
      client: int32,
      assignee: text,
      priority: text,
      state: text,
    },
    size.tasks,
    (n, start) => ({
      id: int32Column(n, (i) => start + i + 1),
      created: timestampColumn(n, (i) => times.at(start + i)),
      due: dateColumn(
        n,
        (i) => Math.floor(times.at(start + i) / dayMs) + 1 + Math.floor(14 * random(122, start + i)),
      ),
      title: chosenColumn(n, titles, (i) => Math.floor(random(123, start + i) * titles.length)),
      client: int32Column(n, (i) => clientAt(world, 124, start + i, times.at(start + i))),
      assignee: chosenColumn(n, assignees, (i) => Math.floor(random(125, start + i) * assignees.length)),
      priority: chosenColumn(n, priorities, (i) => priority(random(126, start + i))),
      state: chosenColumn(n, taskStates, (i) => {
        const days = ((world.today - times.at(start + i)) / dayMs) * (0.4 + random(127, start + i));
        return days < 3 ? 0 : days < 8 ? 1 : 2;
      }),
    }),
  );
}

/** Id of a client that existed at an instant; old clients are met more often. */
function clientAt(world: World, stream: number, i: number, at: number): number {
  const known = Math.max(1, world.clientTimes.before(at));
  const u = world.random(stream, i);
  return 1 + Math.floor(known * u * u);
}

/** Id of an order of the days before an instant. */
function recentOrder(world: World, stream: number, i: number, at: number): number | undefined {
  const known = world.orderTimes.before(at);
  const back = Math.floor(world.random(stream, i) * Math.max(1, world.size.orders / world.size.days) * 6);
  return known > back ? known - back : undefined;
}
