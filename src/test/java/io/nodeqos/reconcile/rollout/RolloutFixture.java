// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.RolloutJson;

/** A rollout of policy p, with a stable revision and that of an edit which was not completed. */
final class RolloutFixture {
  private static final String STABLE = "{'reservation': {'cpu': '1'}}";
  private static final String EDIT = "{'reservation': {'cpu': '3'}}";

  private RolloutFixture() {}

  /**
   * @param target the spec in force
   */
  static PolicyRollout rollout(String target) {
    String stable = PolicyFixture.revision("p", 1, STABLE).revision();
    JsonObject status = new JsonObject();
    status.add(RolloutJson.FIELD, RolloutJson.stable(stable, 1));
    PolicyCatalog catalog = PolicyFixture.catalog();
    catalog.apply(PolicyFixture.revision("p", 1, STABLE));
    catalog.apply(PolicyFixture.revision("p", 2, EDIT));
    catalog.apply(
        PolicyFixture.withStatus(
            PolicyFixture.policy("p", 3, PolicyFixture.CREATED, target), status));
    return catalog.snapshot().rollout("p").orElseThrow();
  }

  /** The revision of the edit. */
  static String edit() {
    return PolicyFixture.revision("p", 2, EDIT).revision();
  }

  static NodeFixture carrying(String node, String revision) {
    return NodeFixture.node(node)
        .annotation(Keys.CONFIG, "{\"revisions\":{\"p\":\"" + revision + "\"},\"sources\":{}}");
  }
}
