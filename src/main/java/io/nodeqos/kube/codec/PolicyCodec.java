// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import java.io.IOException;
import java.util.Set;

/**
 * NodeQoSPolicy to {@link PolicyObject}. There are few policies and every field counts, so spec and
 * status are kept as trees.
 */
public final class PolicyCodec implements Codec<PolicyObject> {
  private static final Set<String> ANNOTATIONS = Set.of(Keys.CONFIRM, Keys.ROLLOUT);

  @Override
  public SlimObject<PolicyObject> decode(TolerantReader in) throws IOException {
    MetaDraft meta = new MetaDraft(in, ANNOTATIONS::contains);
    JsonObject[] parts = {new JsonObject(), new JsonObject()};
    in.requiredObject(
        "a NodeQoSPolicy",
        field -> {
          switch (field) {
            case "metadata" -> meta.read();
            case "spec" -> parts[0] = objectOrEmpty(in.tree());
            case "status" -> parts[1] = objectOrEmpty(in.tree());
            default -> in.skip();
          }
        });
    return meta.with(
        new PolicyObject(
            new PolicyObject.Meta(
                meta.name,
                meta.uid,
                meta.resourceVersion,
                meta.generation,
                meta.createdAt,
                meta.deleting,
                meta.finalizers),
            parts[0],
            parts[1],
            meta.annotations.getOrDefault(Keys.CONFIRM, ""),
            new RolloutRequest(meta.annotations.getOrDefault(Keys.ROLLOUT, ""))));
  }

  private static JsonObject objectOrEmpty(JsonElement element) {
    return element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
  }
}
