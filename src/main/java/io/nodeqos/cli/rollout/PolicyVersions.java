// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.spec.Section;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The recorded versions of a policy. Revisions that another writer has changed, or of an earlier
 * policy of the same name, are left out, as the controller ignores them.
 *
 * @param policy as it is now
 * @param revisions the oldest first
 */
record PolicyVersions(PolicyObject policy, List<PolicyRevision> revisions) {
  PolicyVersions {
    revisions = List.copyOf(revisions);
  }

  /**
   * Of a policy.
   *
   * @param all the ControllerRevisions of all policies
   */
  static PolicyVersions of(PolicyObject policy, List<PolicyRevision> all) {
    return new PolicyVersions(
        policy,
        all.stream()
            .filter(r -> r.policy().equals(policy.name()))
            .filter(r -> r.policyUid().equals(policy.meta().uid()) && r.isIntact())
            .sorted(Comparator.comparingLong(PolicyRevision::generation))
            .toList());
  }

  Optional<PolicyRevision> find(long number) {
    return revisions.stream().filter(r -> r.generation() == number).findFirst();
  }

  /** The newest revision whose sections are not those of the policy now. */
  Optional<PolicyRevision> previous() {
    return revisions.stream()
        .filter(r -> !sections(r.spec()).equals(sections(policy.spec())))
        .reduce((older, newer) -> newer);
  }

  /** True when the spec of the policy, as it is now, is recorded. */
  boolean isRecorded() {
    return newest().filter(r -> r.hasSpec(policy.spec())).isPresent();
  }

  /** The revision that is in force: of an invalid policy the last valid one, of a dry run none. */
  Optional<PolicyRevision> inForce() {
    return isDryRun() || !(isRecorded() || problem().isPresent()) ? Optional.empty() : newest();
  }

  Optional<PolicyRevision> newest() {
    return revisions.isEmpty()
        ? Optional.empty()
        : Optional.of(revisions.get(revisions.size() - 1));
  }

  /** The newest version with this revision, which is ten hex digits. */
  Optional<PolicyRevision> newest(String revision) {
    return revisions.stream()
        .filter(r -> r.revision().equals(revision))
        .reduce((older, newer) -> newer);
  }

  boolean isDryRun() {
    return policy.spec().get("dryRun") instanceof JsonPrimitive dryRun && dryRun.getAsBoolean();
  }

  /** Why the controller finds the present generation invalid; empty when it does not. */
  Optional<String> problem() {
    return conditions()
        .filter(c -> text(c, "type").equals("Valid") && text(c, "status").equals("False"))
        .filter(
            c ->
                c.get("observedGeneration") instanceof JsonPrimitive observed
                    && observed.getAsLong() == policy.meta().generation())
        .map(c -> text(c, "message"))
        .findFirst();
  }

  private Stream<JsonObject> conditions() {
    return policy.status().get("conditions") instanceof JsonArray all
        ? all.asList().stream().filter(JsonElement::isJsonObject).map(JsonElement::getAsJsonObject)
        : Stream.empty();
  }

  private static String text(JsonObject object, String field) {
    return object.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  /**
   * A spec with the sections of a revision: as with a Deployment, only its template goes back.
   * Priority, selector, suspend, dryRun and deletionPolicy stay.
   */
  static JsonObject undone(JsonObject present, PolicyRevision to) {
    JsonObject spec = present.deepCopy();
    for (Section section : Section.values()) {
      spec.remove(section.field());
    }
    sections(to.spec()).entrySet().forEach(s -> spec.add(s.getKey(), s.getValue()));
    return spec;
  }

  private static JsonObject sections(JsonObject spec) {
    JsonObject sections = new JsonObject();
    for (Section section : Section.values()) {
      if (spec.has(section.field()) && !spec.get(section.field()).isJsonNull()) {
        sections.add(section.field(), spec.get(section.field()).deepCopy());
      }
    }
    return sections;
  }
}
