// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.commands;

import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.Installation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a command, and its requests by the audit log of the server.
 *
 * @param requests all but those of the search, also those of a replica for its answer
 * @param search requests that look for a replica
 * @param first when the server received the first request
 * @param lastRead when the server answered the last GET
 */
public record MeasuredRun(
    CommandRun run, long requests, long search, Instant first, Instant lastRead, long writes) {
  private static final String REPLICAS = "labelSelector=app.kubernetes.io%2Fname";

  /**
   * With the requests that were logged since the last call for that log.
   *
   * @param replicas requests of the controller, of which those count that a replica makes for an
   *     answer: it reads pods
   */
  static MeasuredRun of(CommandRun run, AuditLog log, AuditLog replicas) {
    List<Entry> entries = new ArrayList<>();
    log.drain(entries::add);
    replicas.drain(
        entry -> {
          if (entry.verb().equals("get") && entry.resource().equals("pods")) {
            entries.add(entry);
          }
        });
    return new MeasuredRun(
        run,
        entries.stream().filter(entry -> !searches(entry)).count(),
        entries.stream().filter(MeasuredRun::searches).count(),
        entries.stream().map(Entry::received).min(Instant::compareTo).orElse(run.end()),
        entries.stream()
            .filter(MeasuredRun::reads)
            .map(Entry::completed)
            .max(Instant::compareTo)
            .orElse(run.end()),
        entries.stream().filter(entry -> !reads(entry) && !isDryRun(entry)).count());
  }

  /** The Lease names the leader; else the pods of the controller are looked at. */
  private static boolean searches(Entry entry) {
    return entry.namespace().equals(Installation.NAMESPACE)
        && (entry.resource().equals("leases") && !entry.name().isEmpty()
            || entry.resource().equals("pods") && entry.uri().contains(REPLICAS)
            || entry.resource().equals("pods/portforward"));
  }

  private static boolean reads(Entry entry) {
    return entry.verb().equals("get") || entry.verb().equals("list");
  }

  private static boolean isDryRun(Entry entry) {
    return entry.uri().contains("dryRun=All");
  }

  Duration untilRead() {
    return Duration.between(run.start(), lastRead);
  }

  Duration sinceRead() {
    return Duration.between(lastRead, run.end());
  }

  Duration sinceFirstRequest() {
    return Duration.between(first, run.end());
  }
}
