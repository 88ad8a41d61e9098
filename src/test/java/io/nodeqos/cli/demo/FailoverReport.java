// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.sim.http.RequestLog.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Some failovers by the log of the API server. */
record FailoverReport(
    List<FailoverRig.Failover> failovers,
    List<DemoLeases.Held> leases,
    LeaderTerms terms,
    DemoLog.Entries log,
    List<Request> requests) {

  /**
   * One failover.
   *
   * @param renewed the old leader's last renewal, when it was received
   * @param released when the old leader's giving back of the Lease was carried out, if it did
   * @param lastWrite of the old leader to a node, when it was carried out
   * @param firstWrite of the new leader to a node, when it was carried out
   * @param asked when the new leader first read the Lease after the old one's end, if it did
   * @param lists that the new leader sent from its take to a second after its first write
   */
  record Row(
      FailoverRig.Failover failover,
      LeaderTerms.Term next,
      Instant renewed,
      Optional<Instant> released,
      Instant lastWrite,
      Instant firstWrite,
      Optional<Instant> asked,
      long lists) {

    Duration sinceRenewal() {
      return Duration.between(renewed, firstWrite);
    }

    Duration gap() {
      return Duration.between(lastWrite, firstWrite);
    }

    /** From the release to the take of the next leader. */
    Optional<Duration> handOver() {
      return released.map(at -> Duration.between(at, next.taken()));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-8s epoch %2d: taken %5d ms after the signal%s; first write %4d ms after that, %5d ms"
              + " after the last renewal; %5d ms without a write",
          failover.end(),
          next.epoch(),
          Duration.between(failover.at(), next.taken()).toMillis(),
          handOver().map(d -> " and " + d.toMillis() + " ms after the release").orElse(""),
          Duration.between(next.taken(), firstWrite).toMillis(),
          sinceRenewal().toMillis(),
          gap().toMillis());
    }
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (FailoverRig.Failover failover : failovers) {
      rows.add(row(failover));
    }
    return rows;
  }

  private Row row(FailoverRig.Failover failover) {
    long epoch = failover.before().epoch();
    LeaderTerms.Term old = term(epoch);
    LeaderTerms.Term next =
        terms.terms().stream().filter(term -> term.epoch() > epoch).findFirst().orElseThrow();
    Instant firstWrite =
        nodeWrites(next.podUid())
            .filter(write -> write.received().isAfter(next.taken()))
            .map(ApiWrite::completed)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Optional<DemoLeases.Held> free =
        leases.stream().filter(held -> held.isFree() && held.epoch() == epoch).findFirst();
    return new Row(
        failover,
        next,
        last(
            log.leaseWrites().stream()
                .filter(write -> write.podUid().equals(old.podUid()))
                .filter(write -> free.map(held -> write.version() != held.version()).orElse(true))
                .filter(write -> write.completed().isBefore(next.taken()))
                .map(ApiWrite::received)),
        free.flatMap(held -> completed(held.version())),
        last(
            nodeWrites(old.podUid())
                .map(ApiWrite::completed)
                .filter(at -> at.isBefore(next.taken()))),
        firstWrite,
        requests.stream()
            .filter(r -> r.verb().equals("get") && r.resource().equals("leases"))
            .filter(r -> r.userAgent().contains(next.podUid()))
            .map(Request::received)
            .filter(failover.at()::isBefore)
            .min(Comparator.naturalOrder()),
        requests.stream()
            .filter(
                r ->
                    r.verb().equals("list")
                        && !r.metadataOnly()
                        && r.userAgent().contains(next.podUid()))
            .filter(r -> r.received().isAfter(next.taken()))
            .filter(r -> r.received().isBefore(firstWrite.plusSeconds(1)))
            .count());
  }

  private LeaderTerms.Term term(long epoch) {
    return terms.terms().stream().filter(t -> t.epoch() == epoch).findFirst().orElseThrow();
  }

  private Stream<ApiWrite> nodeWrites(String podUid) {
    return log.writes().stream()
        .filter(write -> write.target().isNode() && write.podUid().equals(podUid));
  }

  private Optional<Instant> completed(long version) {
    return log.leaseWrites().stream()
        .filter(write -> write.version() == version)
        .map(ApiWrite::completed)
        .findFirst();
  }

  private static Instant last(Stream<Instant> moments) {
    return moments.max(Comparator.naturalOrder()).orElseThrow();
  }
}
