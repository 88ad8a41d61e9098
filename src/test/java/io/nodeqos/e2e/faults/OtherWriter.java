// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import java.util.function.Predicate;

/** What second controllers, autoscalers and GitOps tools send to the API server. */
public final class OtherWriter {
  private static final String NODES = "/api/v1/nodes/";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final String APPLY = "application/apply-patch+yaml";

  private final Api api;

  OtherWriter(Api api) {
    this.api = api;
  }

  /**
   * A patch of a node.
   *
   * @param patch with single quotes
   */
  public void merge(String node, String patch) {
    api.merge(NODES + node, patch.replace('\'', '"')).succeeded();
  }

  /**
   * A server-side apply of a node by another field manager, which takes over fields of others.
   *
   * @param metadata fields, with single quotes
   */
  public void apply(String node, String metadata) {
    api.send(
            "PATCH",
            NODES + node + "?fieldManager=gitops&force=true",
            APPLY,
            "{'apiVersion': 'v1', 'kind': 'Node', 'metadata': {'name': '%s', %s}}"
                .formatted(node, metadata)
                .replace('\'', '"'))
        .succeeded();
  }

  void withTaint(String node, String key) {
    changeTaints(
        node,
        taints -> {
          JsonObject taint = new JsonObject();
          taint.addProperty("key", key);
          taint.addProperty("value", Long.toString(System.currentTimeMillis() / 1000));
          taint.addProperty("effect", "NoSchedule");
          taints.add(taint);
          return true;
        });
  }

  /** Fails when the taint is gone. */
  void withoutTaint(String node, String key) {
    changeTaints(
        node,
        taints -> {
          for (JsonElement taint : taints) {
            if (World.text(taint.getAsJsonObject(), "key").equals(key)) {
              return taints.remove(taint);
            }
          }
          return false;
        });
  }

  /** As autoscalers do: with an update of the node as it was read, again after a conflict. */
  private void changeTaints(String node, Predicate<JsonArray> change) {
    Poll.until(
        "update of " + node,
        () -> {
          JsonObject read = api.get(NODES + node).succeeded().json();
          JsonObject spec = read.getAsJsonObject("spec");
          JsonArray taints = spec.has("taints") ? spec.getAsJsonArray("taints") : new JsonArray();
          assertTrue(change.test(taints), () -> "the taint is lost: " + read);
          spec.add("taints", taints);
          return api.send("PUT", NODES + node, "application/json", read.toString()).code();
        },
        code -> code == 200);
  }

  public void deletePolicy(String name) {
    api.delete(POLICIES + "/" + name).succeeded();
  }

  /** The policy again, without what the server adds, once its name is free. */
  public void create(String name, JsonObject policy) {
    JsonObject again = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    again.add("apiVersion", policy.get("apiVersion"));
    again.add("kind", policy.get("kind"));
    again.add("metadata", metadata);
    again.add("spec", policy.get("spec"));
    Poll.until(
        "creation of policy " + name,
        () -> api.post(POLICIES, again.toString()).code(),
        code -> code == 201);
  }
}
