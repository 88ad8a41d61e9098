// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The terms of the leaders in their order, and the writes that came after the term of their sender.
 */
record LeaderTerms(List<Term> terms) {

  /**
   * One term.
   *
   * @param taken when the API server had committed the write that acquired the Lease
   */
  record Term(String holder, long epoch, Instant taken) {

    /** The second half of {@code <pod name>_<pod UID>}. */
    String podUid() {
      return holder.substring(holder.lastIndexOf('_') + 1);
    }

    String podName() {
      return LeaderTerms.podName(holder);
    }
  }

  static String podName(String holder) {
    return holder.substring(0, Math.max(0, holder.lastIndexOf('_')));
  }

  /**
   * Dates each change of holder by the log's write of the same version. A change without such a
   * write is left out: the log no longer has it, or does not have it yet.
   *
   * @param leaseWrites of any client
   */
  static LeaderTerms of(List<DemoLeases.Held> seen, List<ApiWrite> leaseWrites) {
    Map<Long, Instant> completed = new TreeMap<>();
    leaseWrites.forEach(write -> completed.put(write.version(), write.completed()));
    List<Term> terms = new ArrayList<>();
    for (DemoLeases.Held held : seen) {
      Instant taken = completed.get(held.version());
      if (!held.isFree() && taken != null) {
        terms.add(new Term(held.holder(), held.epoch(), taken));
      }
    }
    return new LeaderTerms(List.copyOf(terms));
  }

  /** The identities, one for each term. */
  List<String> holders() {
    return terms.stream().map(Term::holder).toList();
  }

  /** The first term of another holder that started after this moment. */
  Optional<Term> successor(String holder, Instant after) {
    return terms.stream()
        .filter(term -> term.taken().isAfter(after) && !term.holder().equals(holder))
        .findFirst();
  }

  /**
   * How many writes the server received from a replica that did not hold the Lease: another replica
   * had acquired it before, or none held it.
   */
  int overlapping(List<ApiWrite> writes) {
    return (int) writes.stream().filter(write -> !mayWrite(write, write.received())).count();
  }

  /**
   * How many writes were received in time and committed after the next holder's acquisition of the
   * Lease: the fence cannot stop a write in flight, the node's resourceVersion can.
   */
  int late(List<ApiWrite> writes) {
    return (int)
        writes.stream()
            .filter(write -> mayWrite(write, write.received()))
            .filter(write -> !mayWrite(write, write.completed()))
            .count();
  }

  private boolean mayWrite(ApiWrite write, Instant at) {
    String holder = "";
    for (Term term : terms) {
      if (term.taken().isBefore(at)) {
        holder = term.podUid();
      }
    }
    return holder.equals(write.podUid());
  }
}
