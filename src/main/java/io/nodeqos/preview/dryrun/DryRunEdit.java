// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.dryrun;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.spec.DeletionPolicy;
import io.nodeqos.preview.edit.FieldChange;
import io.nodeqos.preview.edit.PolicyEdit;
import io.nodeqos.preview.edit.PolicyEdits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The edit that would put a dry run in force. */
final class DryRunEdit {
  private static final String FIELD = "dryRun";

  private DryRunEdit() {}

  static PolicyEdits of(PolicyObject policy) {
    JsonObject spec = policy.spec().deepCopy();
    spec.remove(FIELD);
    return new PolicyEdits(
        List.of(
            new PolicyEdit(
                policy.name(),
                PolicyEdit.Action.CREATE,
                Optional.empty(),
                Optional.of(held(policy.withSpec(spec))),
                List.of(new FieldChange("spec", Optional.empty(), Optional.of(spec))))));
  }

  /** The controller adds the finalizer before a policy with Remove takes effect. */
  private static PolicyObject held(PolicyObject policy) {
    if (DeletionPolicy.of(policy.spec()) != DeletionPolicy.REMOVE) {
      return policy;
    }
    List<String> finalizers = new ArrayList<>(policy.meta().finalizers());
    finalizers.add(Keys.FINALIZER);
    return policy.withFinalizers(policy.meta().resourceVersion(), finalizers);
  }
}
