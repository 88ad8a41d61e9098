// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The terms of the leaders by the server's audit log, and the writes to Nodes outside of their
 * writer's term. The token names the writer, not the request: a replica is the pod that its token
 * is bound to.
 *
 * @param terms in their order
 * @param writes to Nodes, the refused ones too
 * @param pauses in which a replica could send nothing
 */
public record LeaderTermsAudit(List<Term> terms, List<Entry> writes, List<Pause> pauses) {

  /**
   * One term.
   *
   * @param asked when the server received the write that took the Lease
   * @param taken when it had carried that write out
   */
  public record Term(String pod, long epoch, Instant asked, Instant taken) {}

  /** A process was suspended: writes that the server received meanwhile were sent before. */
  public record Pause(String pod, Instant from, Instant until) {
    boolean covers(Entry write) {
      return write.pod().equals(pod)
          && write.received().isAfter(from)
          && write.received().isBefore(until);
    }
  }

  /**
   * How the Lease came from one holder to the next.
   *
   * @param gap from the old leader's last write to a Node to the new one's first, both carried out
   * @param firstWrite from the take to that first write
   */
  public record Handover(Term from, Term to, Duration gap, Duration firstWrite) {}

  public static LeaderTermsAudit of(List<Entry> entries, List<Pause> pauses) {
    List<Term> terms = new ArrayList<>();
    // By when they were received: each was decided on the outcome of the one before, while the log
    // has them in the order of their last words.
    List<Entry> held =
        entries.stream()
            .filter(entry -> entry.writesLease() && entry.accepted())
            .filter(entry -> !entry.text("spec", "holderIdentity").isEmpty())
            .sorted(Comparator.comparing(Entry::received))
            .toList();
    for (Entry entry : held) {
      long epoch = Long.parseLong(entry.text("spec", "leaseTransitions"));
      Optional<Term> last = last(terms);
      if (last.isEmpty() || last.get().epoch() != epoch || !last.get().pod().equals(entry.pod())) {
        terms.add(new Term(entry.pod(), epoch, entry.received(), entry.completed()));
      }
    }
    return new LeaderTermsAudit(
        List.copyOf(terms),
        entries.stream().filter(Entry::writesNode).toList(),
        List.copyOf(pauses));
  }

  /** The same terms with those writes only that the server received after a moment. */
  public LeaderTermsAudit writesSince(Instant start) {
    return new LeaderTermsAudit(
        terms, writes.stream().filter(write -> write.received().isAfter(start)).toList(), pauses);
  }

  public Optional<Term> last() {
    return last(terms);
  }

  /**
   * Writes, accepted or not, that were sent by a replica after another's taking of the Lease had
   * been carried out, or before the first taking.
   */
  public List<Entry> attempts() {
    return writes.stream()
        .filter(write -> outOfTurn(write, write.received()) && !wasPaused(write))
        .toList();
  }

  /** Those attempts that were accepted. */
  public List<Entry> overlapping() {
    return attempts().stream().filter(Entry::accepted).toList();
  }

  /**
   * Accepted writes that were sent in time and carried out after the next holder's taking of the
   * Lease: they were on their way.
   */
  public List<Entry> late() {
    return accepted(
        write ->
            outOfTurn(write, write.received())
                ? wasPaused(write)
                : outOfTurn(write, write.completed()));
  }

  /** Writes that the server received out of turn and did not carry out. */
  public List<Entry> refused() {
    return writes.stream()
        .filter(write -> !write.accepted() && outOfTurn(write, write.received()))
        .toList();
  }

  /** Whether the Lease had another holder at that moment, or none. */
  boolean outOfTurn(Entry write, Instant at) {
    Optional<Term> own = last(terms, t -> t.pod().equals(write.pod()) && t.asked().isBefore(at));
    if (own.isEmpty()) {
      return true;
    }
    // A take counts against others from when it was carried out, and for the taker from when it was
    // asked for: its first write may overtake the log entry of the take.
    Optional<Term> other = last(terms, t -> !t.pod().equals(write.pod()) && t.taken().isBefore(at));
    return other.isPresent() && other.get().taken().isAfter(own.get().asked());
  }

  private boolean wasPaused(Entry write) {
    return pauses.stream().anyMatch(pause -> pause.covers(write));
  }

  /** Between a term and the next other one's first write; empty until there is one. */
  public Optional<Handover> handoverFrom(Term from) {
    return terms.stream()
        .filter(term -> term.taken().isAfter(from.taken()) && !term.pod().equals(from.pod()))
        .findFirst()
        .flatMap(to -> firstWrite(to).map(first -> handover(from, to, first)));
  }

  private Optional<Instant> firstWrite(Term term) {
    return accepted(
            write -> write.pod().equals(term.pod()) && write.received().isAfter(term.asked()))
        .stream()
        .map(Entry::completed)
        .min(Instant::compareTo);
  }

  private Handover handover(Term from, Term to, Instant first) {
    Instant last =
        accepted(write -> write.pod().equals(from.pod()) && write.received().isBefore(to.asked()))
            .stream()
            .map(Entry::completed)
            .max(Instant::compareTo)
            .orElse(from.taken());
    return new Handover(
        from, to, Duration.between(last, first), Duration.between(to.taken(), first));
  }

  /**
   * The longest time without a write to a Node that was carried out, of those that ended after a
   * moment.
   */
  public Duration longestLull(Instant from) {
    Duration longest = Duration.ZERO;
    Instant last = from;
    for (Instant moment : accepted(w -> true).stream().map(Entry::completed).sorted().toList()) {
      Duration lull = Duration.between(last, moment);
      if (moment.isAfter(from) && lull.compareTo(longest) > 0) {
        longest = lull;
      }
      last = moment;
    }
    return longest;
  }

  private List<Entry> accepted(Predicate<Entry> wanted) {
    return writes.stream().filter(write -> write.accepted() && wanted.test(write)).toList();
  }

  private static Optional<Term> last(List<Term> terms) {
    return last(terms, term -> true);
  }

  private static Optional<Term> last(List<Term> terms, Predicate<Term> wanted) {
    return terms.stream().filter(wanted).reduce((before, after) -> after);
  }
}
