// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.explain.PodStatuses;
import io.nodeqos.explain.PodTrouble;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pods by lists of one, as the controller may list pods and not get them. */
public final class PodStatusClient implements PodStatuses {
  private static final String LIMIT = "500";

  private final ApiEndpoint api;
  private final TimeSource time;

  public PodStatusClient(ApiEndpoint client, TimeSource time) {
    this.api = client;
    this.time = time;
  }

  @Override
  public Optional<PodTrouble> pod(String namespace, String name) throws IOException {
    return list(namespace, "metadata.name=" + name).stream().findFirst().map(PodTrouble::of);
  }

  @Override
  public Optional<PodTrouble> unscheduled(String namespace, String daemonSetUid, String node)
      throws IOException {
    return list(namespace, "spec.nodeName=").stream()
        .filter(pod -> isOwnedBy(pod, daemonSetUid) && isFor(pod, node))
        .findFirst()
        .map(PodTrouble::of);
  }

  private List<JsonObject> list(String namespace, String fieldSelector) throws IOException {
    String path = "/api/v1/namespaces/" + namespace + "/pods";
    Map<String, String> query = Map.of("fieldSelector", fieldSelector, "limit", LIMIT);
    try {
      List<JsonObject> pods = new ArrayList<>();
      api.get(path, query, time)
          .getAsJsonArray("items")
          .forEach(pod -> pods.add(pod.getAsJsonObject()));
      return pods;
    } catch (ApiRefusal | MalformedAnswerException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(ApiFailure.of(e).message(), e);
    }
  }

  private static boolean isOwnedBy(JsonObject pod, String uid) {
    JsonElement owners = pod.getAsJsonObject("metadata").get("ownerReferences");
    return owners != null
        && owners.getAsJsonArray().asList().stream()
            .anyMatch(owner -> uid.equals(owner.getAsJsonObject().get("uid").getAsString()));
  }

  /** The DaemonSet controller names the node in the required affinity, in each term. */
  private static boolean isFor(JsonObject pod, String node) {
    JsonElement affinity = pod.getAsJsonObject("spec").get("affinity");
    return affinity != null && affinity.toString().contains("\"" + node + "\"");
  }
}
