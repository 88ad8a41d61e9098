// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a CRD in the cluster that is older than this controller: the API server drops the fields
 * that it does not know from policies, or refuses them. One request, on a thread of its own;
 * nothing depends on it, so that a controller which may not read the CRD goes on in silence.
 */
public final class CrdCheck {
  private static final Logger LOG = LoggerFactory.getLogger(CrdCheck.class);

  private static final String PATH =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodeqospolicies." + Keys.GROUP;

  private static final int NAMED = 5;

  private final ApiEndpoint api;

  /**
   * @param client used for this request only
   */
  public CrdCheck(ApiEndpoint client) {
    this.api = client;
  }

  /** Returns at once. */
  public void start() {
    DaemonThreads.named("crd-check", this::run).start();
  }

  void run() {
    try (Response response = api.http().newCall(request()).execute()) {
      if (response.isSuccessful()) {
        JsonObject crd = JsonParser.parseReader(response.body().charStream()).getAsJsonObject();
        report(CrdFields.of(crd, Keys.API_VERSION));
      } else {
        LOG.debug("The CRD could not be read, code={}", response.code());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The CRD could not be read", e);
    } finally {
      api.http().connectionPool().evictAll();
    }
  }

  private Request request() throws IOException {
    return api.request(PATH, Map.of()).header("Accept", "application/json").build();
  }

  private static void report(SortedSet<String> installed) throws IOException {
    SortedSet<String> missing = CrdFields.packaged(Keys.API_VERSION);
    missing.removeAll(installed);
    if (!missing.isEmpty()) {
      LOG.warn(
          "The CRD NodeQoSPolicy in the cluster is older than this controller, run kubectl apply"
              + " --server-side -f manifests/crd.yaml: missing={}, first={}",
          missing.size(),
          missing.stream().limit(NAMED).collect(Collectors.joining(", ", "[", "]")));
    }
  }
}
