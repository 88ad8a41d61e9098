// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.cache.Caches;
import io.kubernetes.client.informer.cache.Store;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.codec.MetaDraft;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.value.ResourceVersions;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The present state of a collection, by a consistent read: a list without resourceVersion, which a
 * lagging API server cannot answer with an old state. Kubernetes names the version of the whole
 * store in it, which the watch of a quiet collection reaches only with a bookmark, once a minute;
 * so a small collection is compared object by object.
 *
 * @param version of the collection
 * @param complete the objects are all there are
 * @param objects versions by key
 */
record CurrentVersion(String version, boolean complete, Map<String, String> objects) {
  /** No object has this name: the answer carries a version and nothing else. */
  private static final String MATCH_NONE_SELECTOR = "metadata.name=nodeqos.io.none";

  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /**
   * Reads it, in one request.
   *
   * @param page at most so many objects are read
   * @param withObjects false for the version alone
   */
  static CurrentVersion read(
      ApiEndpoint api, CacheSource<?> source, int page, boolean withObjects, TimeSource time)
      throws IOException {
    OkHttpClient http = api.http().newBuilder().callTimeout(TIMEOUT).build();
    Map<String, String> query = new HashMap<>(source.query());
    if (withObjects) {
      query.put("limit", Integer.toString(page));
    } else {
      // Without a limit: an API server before 1.34 answers a limited list from etcd, and its
      // watches, on whose bookmarks we wait, stay where they are.
      query.merge("fieldSelector", MATCH_NONE_SELECTOR, (theirs, ours) -> theirs + "," + ours);
    }
    Request request = api.request(source.path(), query).header("Accept", METADATA_ONLY).build();
    try (Response response = http.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new ApiRefusal(ApiFailure.of(response, time));
      }
      Draft draft = new Draft(new JsonTolerantReader(response.body().charStream()));
      draft.read();
      return new CurrentVersion(
          draft.version, withObjects && draft.next.isEmpty(), Map.copyOf(draft.objects));
    }
  }

  /**
   * True when the cache holds these objects, or newer versions, and no other object of that age.
   */
  boolean isHeldBy(Store<? extends KubernetesObject> cache) {
    List<? extends KubernetesObject> held = cache.list();
    int found = 0;
    for (KubernetesObject object : held) {
      String present = objects.get(Caches.metaNamespaceKeyFunc(object));
      String here = object.getMetadata().getResourceVersion();
      if (present == null) {
        if (ResourceVersions.isAtLeast(version, here)) {
          return false;
        }
      } else if (ResourceVersions.isAtLeast(here, present)) {
        found++;
      }
    }
    return complete && found == objects.size();
  }

  /** The answer, while it is being read. */
  private static final class Draft {
    private final TolerantReader in;
    private final Map<String, String> objects = new HashMap<>();
    private String version = "";
    private String next = "";

    Draft(TolerantReader in) {
      this.in = in;
    }

    void read() throws IOException {
      in.requiredObject("a list", this::field);
      if (version.isEmpty()) {
        throw new MalformedAnswerException("a list without version");
      }
    }

    private void field(String field) throws IOException {
      switch (field) {
        case "metadata" -> in.object(this::metadata);
        case "items" -> in.array(this::item);
        default -> in.skip();
      }
    }

    private void metadata(String field) throws IOException {
      switch (field) {
        case "resourceVersion" -> version = in.string();
        case "continue" -> next = in.string();
        default -> in.skip();
      }
    }

    private void item() throws IOException {
      MetaDraft meta = new MetaDraft(in, key -> false);
      in.object(
          field -> {
            if (field.equals("metadata")) {
              meta.read();
            } else {
              in.skip();
            }
          });
      SlimObject<String> object = meta.with("");
      objects.put(Caches.metaNamespaceKeyFunc(object), object.resourceVersion());
    }
  }
}
