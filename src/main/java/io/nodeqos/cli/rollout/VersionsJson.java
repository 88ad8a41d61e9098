// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.edit.FieldChange;
import io.nodeqos.preview.edit.PolicyDiff;
import io.nodeqos.preview.plan.PlanJson;
import java.util.List;

/** The versions of a policy for programs. Fields are only ever added. */
final class VersionsJson {
  private VersionsJson() {}

  /** The body of a {@code RolloutHistory}. */
  static JsonObject of(PolicyVersions versions) {
    JsonObject body = new JsonObject();
    body.addProperty("policy", versions.policy().name());
    body.addProperty("generation", versions.policy().meta().generation());
    body.addProperty("recorded", versions.isRecorded());
    versions.problem().ifPresent(problem -> body.addProperty("problem", problem));
    JsonArray revisions = new JsonArray();
    JsonObject before = new JsonObject();
    VersionMarks marks = VersionMarks.of(versions);
    for (PolicyRevision revision : versions.revisions()) {
      JsonObject each = new JsonObject();
      each.addProperty("revision", revision.generation());
      each.addProperty("name", revision.name());
      each.addProperty("createdAt", revision.createdAt().toString());
      each.addProperty("inForce", versions.inForce().filter(revision::equals).isPresent());
      each.addProperty("hash", revision.revision());
      each.addProperty("stable", marks.isStable(revision));
      each.addProperty("target", marks.isTarget(revision));
      each.addProperty("result", marks.phase(revision));
      each.add("changes", changes(PolicyDiff.between(before, revision.spec())));
      each.add("spec", revision.spec());
      revisions.add(each);
      before = revision.spec();
    }
    body.add("revisions", revisions);
    return body;
  }

  static JsonArray changes(List<FieldChange> changes) {
    JsonArray all = new JsonArray();
    changes.forEach(change -> all.add(PlanJson.field(change)));
    return all;
  }
}
