// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.plan;

import com.google.gson.JsonObject;
import io.nodeqos.kube.write.PolicyDryRun;
import io.nodeqos.kube.write.PolicyDryRun.Answer;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyEdit;
import io.nodeqos.preview.edit.PolicyEdit.Action;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.edit.PolicySchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes edits whose policies the API server accepts. For one thread. */
final class ServerCheck {
  private final Optional<PolicyDryRun> server;
  private final List<String> refusals = new ArrayList<>();
  private boolean accepted;
  private boolean allowed = true;

  private ServerCheck(Optional<PolicyDryRun> server) {
    this.server = server;
  }

  static ServerCheck by(PolicyDryRun server) {
    return new ServerCheck(Optional.of(server));
  }

  /** By the rules of the controller alone. */
  static ServerCheck withoutServer() {
    return new ServerCheck(Optional.empty());
  }

  /**
   * Compares and checks.
   *
   * @throws InvalidEditsException with the mistakes that the controller finds, or else with those
   *     that the API server finds
   */
  PolicyEdits edits(
      List<PolicyDocument> documents,
      List<String> deletions,
      ClusterSnapshot cluster,
      StartupTaintPrefixes prefixes)
      throws IOException, InvalidEditsException {
    List<PolicyObject> present = cluster.policies().objects();
    PolicyEdits edits = PolicyEdits.of(documents, deletions, present, prefixes, cluster.takenAt());
    List<PolicyDocument> stored = new ArrayList<>();
    for (PolicyDocument document : documents) {
      stored.add(stored(document, edits));
    }
    if (!refusals.isEmpty()) {
      throw new InvalidEditsException(refusals);
    }
    return PolicyEdits.of(stored, deletions, present, prefixes, cluster.takenAt());
  }

  private PolicyDocument stored(PolicyDocument document, PolicyEdits edits) throws IOException {
    Action action =
        edits.edits().stream()
            .filter(edit -> edit.name().equals(document.name()))
            .map(PolicyEdit::action)
            .findFirst()
            .orElse(Action.UNCHANGED);
    if (action == Action.UNCHANGED || !allowed || server.isEmpty()) {
      return document;
    }
    Answer answer =
        action == Action.CREATE
            ? server.get().create(withoutServerFields(document))
            : server.get().update(document.name(), document.spec());
    if (answer instanceof Answer.Accepted stored) {
      accepted = true;
      return document.withSpec(stored.spec());
    }
    if (answer instanceof Answer.Refused refused) {
      refusals.add(
          document.origin()
              + ": policy "
              + document.name()
              + ": the API server refuses it: "
              + refused.why());
    } else {
      allowed = false;
    }
    return document;
  }

  /** A file that was exported has fields that a new object must not have. */
  private static JsonObject withoutServerFields(PolicyDocument document) {
    JsonObject object = document.object().deepCopy();
    object.remove("status");
    if (object.get("metadata") instanceof JsonObject metadata) {
      metadata.remove("resourceVersion");
      metadata.remove("uid");
    }
    return object;
  }

  /** The server was asked, and accepts all policies. */
  boolean isAccepted() {
    return accepted && allowed;
  }

  List<String> notChecked() {
    String rules = PolicySchema.packaged().rules() + " rules (CEL) of the CustomResourceDefinition";
    if (server.isEmpty()) {
      return List.of(rules + ", and admission: a dump has no API server");
    }
    return allowed ? List.of() : List.of(rules + ", and admission: you may not write policies");
  }
}
