// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.policy.PolicyCatalog.Entry;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which version of a policy is in force: the present one, the last valid one of an invalid
 * policy, or none for a dry run.
 */
final class EntryDecoder {
  private static final String WAS_IN_FORCE =
      "spec.dryRun: true is not allowed for a policy that has been in force; create the dry run"
          + " under another name";

  private final PolicyDecoder decoder;
  private final PolicyRevisions revisions;

  EntryDecoder(PolicyDecoder decoder, PolicyRevisions revisions) {
    this.decoder = decoder;
    this.revisions = revisions;
  }

  /**
   * The entry of the present version of a policy.
   *
   * @param lastSeen the version in force before, as this process has seen it
   */
  Entry entry(PolicyObject object, Optional<NodeQoSPolicy> lastSeen) {
    Set<String> taintKeys = new HashSet<>(revisions.taintKeys(object.meta()));
    lastSeen.ifPresent(p -> taintKeys.addAll(p.taintKeys()));
    Entry entry = decoded(object, lastSeen);
    Optional<NodeQoSPolicy> inForce = entry.inForce().map(p -> p.after(taintKeys));
    // The same object: all nodes would be decided again for another one.
    Optional<NodeQoSPolicy> kept =
        lastSeen.filter(last -> inForce.filter(last::isSameVersion).isPresent());
    return new Entry(object, kept.or(() -> inForce), entry.problems(), entry.dryRun());
  }

  private Entry decoded(PolicyObject object, Optional<NodeQoSPolicy> lastSeen) {
    Decoded decoded = decoder.decode(object);
    boolean isDryRun = decoded instanceof Decoded.Valid v && v.policy().spec().dryRun();
    if (decoded instanceof Decoded.Valid valid && !isDryRun) {
      return Entry.of(object, Optional.of(valid.policy()), List.of());
    }
    Optional<PolicyRevision> newest = revisions.newest(object.meta());
    if (isDryRun && lastSeen.isEmpty() && newest.isEmpty() && !object.holdsNodes()) {
      return new Entry(
          object, Optional.empty(), List.of(), Optional.of(((Decoded.Valid) decoded).policy()));
    }
    List<String> problems =
        decoded instanceof Decoded.Invalid invalid ? invalid.problems() : List.of(WAS_IN_FORCE);
    Optional<PolicyRevision> recorded =
        newest.filter(r -> lastSeen.filter(p -> p.meta().generation() >= r.generation()).isEmpty());
    if (recorded.isEmpty()) {
      return Entry.of(object, lastSeen, problems);
    }
    Decoded last = decoder.decode(object.asOf(recorded.get()));
    if (last instanceof Decoded.Valid valid) {
      return Entry.of(object, Optional.of(valid.policy()), problems);
    }
    // An older version is not tried: it would return nodes to an earlier configuration.
    List<String> all = new ArrayList<>(problems);
    all.add(
        "generation "
            + recorded.get().generation()
            + ", the last valid one, is invalid for this version of the controller: "
            + String.join(", ", ((Decoded.Invalid) last).problems()));
    return Entry.of(object, lastSeen, List.copyOf(all));
  }
}
