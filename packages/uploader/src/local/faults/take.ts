import type { LocalOperation } from '../operation.js';
import { matchesPattern } from '../processing.js';
import type { ConnectionFaultRule, FaultPlan, FaultRule, RequestFault, RequestFaultRule } from './fault-plan.js';

/** What a rule is matched against. */
export interface SeenRequest {
  /** `null` for a request that no operation fits. */
  readonly operation: LocalOperation | null;
  readonly method: string;
  readonly path: string;
}

/** A plan that is under way: it counts what it sees. */
export interface RunningPlan {
  /** The fault of this request, if it gets one. */
  takeRequest(seen: SeenRequest): RequestFault | undefined;
  /** The fault of a connection that was just made. */
  takeConnection(): ConnectionFaultRule['fault'] | undefined;
  add(...rules: readonly FaultRule[]): void;
  clear(): void;
}

interface Counter<Rule extends FaultRule> {
  readonly rule: Rule;
  seen: number;
}

/** @param random from 0 to 1, 1 excluded */
export function runPlan(plan: FaultPlan, random: () => number): RunningPlan {
  const requests: Counter<RequestFaultRule>[] = [];
  const connections: Counter<ConnectionFaultRule>[] = [];
  const add = (...rules: readonly FaultRule[]) => {
    for (const rule of rules) {
      if (isConnectionRule(rule)) connections.push({ rule, seen: 0 });
      else requests.push({ rule, seen: 0 });
    }
  };
  add(...plan);
  return {
    takeRequest: (seen) => take(requests, random, (rule) => fits(rule, seen))?.fault,
    takeConnection: () => take(connections, random, () => true)?.fault,
    add,
    clear() {
      requests.length = 0;
      connections.length = 0;
    },
  };
}

function isConnectionRule(rule: FaultRule): rule is ConnectionFaultRule {
  return rule.on === 'connection';
}

function take<Rule extends FaultRule>(
  counters: readonly Counter<Rule>[],
  random: () => number,
  isFor: (rule: Rule) => boolean,
): Rule | undefined {
  for (const counter of counters) {
    const { nth = 1, times = 1, chance = 1 } = counter.rule;
    if (!isFor(counter.rule)) continue;
    counter.seen += 1;
    const isDue = counter.seen >= nth && (times === 'always' || counter.seen < nth + times);
    if (isDue && (chance >= 1 || random() < chance)) return counter.rule;
  }
  return undefined;
}

function fits({ on = 'any', method, path }: RequestFaultRule, seen: SeenRequest): boolean {
  const isOperation = on === 'any' || (seen.operation !== null && [on].flat().includes(seen.operation));
  return (
    isOperation && (method ?? seen.method) === seen.method && (path === undefined || matchesPattern(path, seen.path))
  );
}
