// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one process notes of each policy between two looks. It says nothing of another policy that
 * was created under the same name: the uid tells them apart. Thread-safe.
 */
final class PolicyNotes {
  private static final int MOST_LOOKS = 40;

  private final Map<String, Note> byName = new ConcurrentHashMap<>();

  /**
   * Of one policy.
   *
   * @param generation for which the looks were counted
   * @param looks at which some nodes had not been decided with that generation
   * @param refused the last refusal of a write
   */
  private record Note(
      String uid, long generation, int looks, Optional<WriteResult.Rejected> refused) {

    Note look(long current) {
      int before = generation == current ? looks : 0;
      return new Note(uid, current, Math.min(before + 1, MOST_LOOKS + 1), refused);
    }
  }

  /**
   * True while nodes have not been looked at with the policy as it is: they will be in a moment,
   * and a status before that would tell of no node that it is done. Not for ever: a node that
   * cannot be decided must not keep the rest from being told.
   */
  boolean mustLookAgain(PolicyObject.Meta policy, PolicyCounts counts) {
    Note note = of(policy);
    if (counts.nodes().unseen() == 0) {
      byName.put(policy.name(), new Note(policy.uid(), policy.generation(), 0, note.refused()));
      return false;
    }
    Note looked = note.look(policy.generation());
    byName.put(policy.name(), looked);
    return looked.looks() <= MOST_LOOKS;
  }

  /** A write was refused. Returns true when that is news. */
  boolean isNews(PolicyObject.Meta policy, WriteResult.Rejected why) {
    Note note = of(policy);
    byName.put(
        policy.name(), new Note(note.uid(), note.generation(), note.looks(), Optional.of(why)));
    return note.refused().filter(why::isLike).isEmpty();
  }

  /** The status was written: nothing is refused any more. */
  void written(PolicyObject.Meta policy) {
    Note note = of(policy);
    byName.put(
        policy.name(), new Note(note.uid(), note.generation(), note.looks(), Optional.empty()));
  }

  void forget(String name) {
    byName.remove(name);
  }

  private Note of(PolicyObject.Meta policy) {
    return Optional.ofNullable(byName.get(policy.name()))
        .filter(note -> note.uid().equals(policy.uid()))
        .orElseGet(() -> new Note(policy.uid(), policy.generation(), 0, Optional.empty()));
  }
}
