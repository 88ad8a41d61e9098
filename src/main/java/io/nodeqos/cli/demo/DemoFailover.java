// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.ApiWrite.Target;
import io.nodeqos.cli.demo.DemoSummary.Recording;
import io.nodeqos.cli.demo.cluster.DemoPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The cost of the end of a leader.
 *
 * @param kind the signal that it got
 * @param gap from its last write to a Node to the first of the next leader, both by the time of
 *     their commit; empty when one of them is missing
 * @param sinceRenewal from its last renewal of the Lease, when the server received it, to the same
 *     first write
 * @param lists LIST requests of all replicas after the next leader had the Lease
 * @param needlessWrites to Nodes that needed no write any more when the leader ended
 */
record DemoFailover(
    String kind,
    Optional<Duration> gap,
    Optional<Duration> sinceRenewal,
    int lists,
    int needlessWrites) {

  static DemoFailover of(Recording recording, LeaderTerms terms, LeaderKill.Done kill) {
    DemoLog.Entries log = recording.log();
    Optional<LeaderTerms.Term> next = terms.successor(kill.holder(), kill.at());
    Optional<Instant> first =
        next.flatMap(term -> firstNodeWrite(log.writes(), after(term.taken(), term.podUid())));
    Optional<Instant> last = lastNodeWrite(log.writes(), kill);
    Optional<Instant> renewed =
        log.leaseWrites().stream()
            .filter(write -> write.podUid().equals(kill.podUid()))
            .map(ApiWrite::received)
            .max(Comparator.naturalOrder());
    return new DemoFailover(
        LeaderKill.Done.SIGNAL,
        between(last, first),
        between(renewed, first),
        next.map(term -> (int) log.lists().stream().filter(term.taken()::isBefore).count())
            .orElse(0),
        needlessWrites(recording, kill));
  }

  /** The gap so far. */
  static Optional<DemoProgress.Outage> gapSoFar(
      List<ApiWrite> writes, LeaderKill.Done kill, Instant now) {
    Optional<Instant> end =
        firstNodeWrite(
            writes,
            write -> write.received().isAfter(kill.at()) && !write.podUid().equals(kill.podUid()));
    return between(lastNodeWrite(writes, kill), end.or(() -> Optional.of(now)))
        .map(
            gap ->
                new DemoProgress.Outage(LeaderTerms.podName(kill.holder()), gap, end.isPresent()));
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("kind", kind);
    json.addProperty("gapMs", gap.map(Duration::toMillis).orElse(null));
    json.addProperty("sinceLastRenewalMs", sinceRenewal.map(Duration::toMillis).orElse(null));
    json.addProperty("leaseDurationMs", DemoPod.ELECTION.leaseDuration().toMillis());
    json.addProperty("listsAfterTakeOver", lists);
    json.addProperty("writesToConvergedNodes", needlessWrites);
    return json;
  }

  private static Predicate<ApiWrite> after(Instant moment, String podUid) {
    return write -> write.received().isAfter(moment) && write.podUid().equals(podUid);
  }

  private static Optional<Instant> firstNodeWrite(
      List<ApiWrite> writes, Predicate<ApiWrite> which) {
    return writes.stream()
        .filter(write -> write.target().isNode())
        .filter(which)
        .map(ApiWrite::completed)
        .min(Comparator.naturalOrder());
  }

  private static Optional<Instant> lastNodeWrite(List<ApiWrite> writes, LeaderKill.Done kill) {
    return writes.stream()
        .filter(write -> write.target().isNode() && write.podUid().equals(kill.podUid()))
        .map(ApiWrite::completed)
        .max(Comparator.naturalOrder());
  }

  private static Optional<Duration> between(Optional<Instant> from, Optional<Instant> to) {
    return from.flatMap(start -> to.map(end -> Duration.between(start, end)));
  }

  // A node whose condition had followed its mark needed no write.
  private static int needlessWrites(Recording recording, LeaderKill.Done kill) {
    Map<String, List<ApiWrite>> byNode = DemoSummary.byNode(recording.log().writes());
    int needless = 0;
    for (NodeBoard.State node : recording.nodes()) {
      List<ApiWrite> writes = byNode.getOrDefault(node.name(), List.of());
      Optional<Instant> marked = DemoSummary.markedAt(node, writes);
      boolean complete =
          writes.stream()
              .filter(write -> write.target() == Target.NODE_STATUS)
              .map(ApiWrite::completed)
              .anyMatch(at -> marked.map(at::isAfter).orElse(false) && at.isBefore(kill.at()));
      if (complete) {
        needless +=
            (int) writes.stream().filter(write -> write.received().isAfter(kill.at())).count();
      }
    }
    return needless;
  }
}
