// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.snapshot.Refusals;
import io.nodeqos.kube.snapshot.SnapshotException;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.watch.SinkException;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.NamespaceView;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.Response;

/**
 * Writes the objects of a cluster into the members of a dump: those of a {@link SnapshotReader},
 * and the Lease and the Events of the controller. Each object is cut to its shape in {@link Shapes}
 * as it arrives. For one thread.
 */
public final class ClusterDumper {
  private final ApiEndpoint api;
  private final ListReader lists;
  private final Pauses pauses;

  private ClusterDumper(ApiEndpoint api, ListReader lists, Pauses pauses) {
    this.api = api;
    this.lists = lists;
    this.pauses = pauses;
  }

  /**
   * Creates it.
   *
   * @param api without a call timeout shorter than a long list
   */
  public static ClusterDumper of(ApiEndpoint api, Pauses pauses, ListReader.Progress progress) {
    return new ClusterDumper(api, ListReader.of(api, pauses, progress), pauses);
  }

  /**
   * Reads the cluster into the spool.
   *
   * @param product version of this program
   * @param history transitions as a replica gives them; empty when none answers
   * @throws SnapshotException when a list that everything depends on cannot be read
   * @throws SpoolException when the spool cannot be written
   */
  public DumpInfo dump(Wanted wanted, String product, Optional<JsonArray> history, Spool spool)
      throws IOException {
    Instant takenAt = pauses.time().wallTime();
    Run run = new Run(wanted, spool);
    Map<String, Boolean> reserved = run.lists();
    if (history.isPresent()) {
      try (Spool.ListFile file = spool.list(DumpMembers.HISTORY)) {
        for (JsonElement transition : history.get()) {
          file.add(transition);
        }
      }
    }
    return new DumpInfo(
        product,
        serverVersion(),
        takenAt,
        wanted.controller().namespace(),
        reserved,
        wanted.settings().extraAnnotations(),
        spool.members(),
        run.refusals.sentences());
  }

  /** Any user may read it; empty where a proxy does not let it through. */
  private String serverVersion() {
    try (Response response =
        api.http().newCall(api.request("/version", Map.of()).build()).execute()) {
      return response.isSuccessful()
              && JsonParser.parseReader(response.body().charStream()) instanceof JsonObject version
              && version.get("gitVersion") instanceof JsonPrimitive text
          ? text.getAsString()
          : "";
    } catch (IOException | JsonParseException e) {
      return "";
    }
  }

  private final class Run {
    private final Wanted wanted;
    private final String own;
    private final Spool spool;
    private final Refusals refusals = new Refusals();

    Run(Wanted wanted, Spool spool) {
      this.wanted = wanted;
      this.own = wanted.controller().namespace();
      this.spool = spool;
    }

    /** The reserved namespaces; false for one that could not be read. */
    Map<String, Boolean> lists() throws IOException {
      Optional<String> settings = wanted.controller().settings();
      if (settings.isPresent()) {
        spool.text(DumpMembers.SETTINGS, settings.get());
      }
      Interning interning = new Interning();
      CacheSource<?> policies = CacheSource.policies();
      try {
        write(DumpMembers.POLICIES, policies, "nodeqos.io/v1alpha1 NodeQoSPolicy", Shapes.policy());
      } catch (SpoolException e) {
        throw e;
      } catch (IOException e) {
        throw Refusals.ofPolicies(policies.describe(), e);
      }
      required(
          DumpMembers.NODES,
          CacheSource.nodes(interning, wanted.settings().extraAnnotations()),
          "v1 Node",
          Shapes.node(wanted.settings().extraAnnotations()));
      required(
          DumpMembers.NAMESPACES, CacheSource.namespaces(), "v1 Namespace", Shapes.namespace());
      optional(
          DumpMembers.CSI_NODES,
          CacheSource.csiNodes(interning),
          "storage.k8s.io/v1 CSINode",
          Shapes.csiNode());
      Map<String, Boolean> reserved = reserved(interning);
      optional(
          DumpMembers.REVISIONS,
          CacheSource.revisions(own),
          "apps/v1 ControllerRevision",
          Shapes.revision());
      optional(
          DumpMembers.SPINNERS, CacheSource.spinners(own), "apps/v1 DaemonSet", Shapes.daemonSet());
      optional(
          DumpMembers.SPINNER_PODS,
          CacheSource.spinnerPods(own, interning),
          "v1 Pod",
          Shapes.spinnerPod());
      optional(
          DumpMembers.LEASES,
          source("leases", own, "/apis/coordination.k8s.io/v1/namespaces/" + own + "/leases"),
          "coordination.k8s.io/v1 Lease",
          Shapes.lease());
      optional(
          DumpMembers.EVENTS,
          new CacheSource<>(
              "events",
              "",
              "/api/v1/events",
              Map.of("fieldSelector", "reportingComponent=nodeqos.io/node-qos-controller"),
              new TreeCodec()),
          "v1 Event",
          Shapes.event());
      if (wanted.extendedRequests()) {
        requests(interning);
      }
      return reserved;
    }

    private Map<String, Boolean> reserved(Interning interning) throws IOException {
      Map<String, Boolean> readable = new TreeMap<>();
      for (NamespaceView namespace : ClusterDumper.this.lists.read(CacheSource.namespaces())) {
        String name = namespace.name();
        if (namespace.reserved() || wanted.settings().reservedNamespaces().contains(name)) {
          boolean pods =
              optional(
                  DumpMembers.pods(name),
                  CacheSource.pods(name, interning),
                  "v1 Pod",
                  Shapes.pod());
          boolean daemonSets =
              optional(
                  DumpMembers.daemonSets(name),
                  CacheSource.daemonSets(name, interning),
                  "apps/v1 DaemonSet",
                  Shapes.daemonSet());
          readable.put(name, pods && daemonSets);
        }
      }
      return readable;
    }

    /** Decoded by the codec of plans: the server need not send all pods as JSON. */
    private void requests(Interning interning) throws IOException {
      CacheSource<Optional<ExtendedRequest>> source = CacheSource.extendedRequests(interning);
      try {
        List<Optional<ExtendedRequest>> all =
            ClusterDumper.this.lists.read(source, Optional::isPresent);
        try (Spool.ListFile file = spool.list(DumpMembers.REQUESTS)) {
          for (Optional<ExtendedRequest> request : all) {
            file.add(DumpMembers.pod(request.get()));
          }
        }
      } catch (SpoolException e) {
        throw e;
      } catch (IOException e) {
        refusals.goOnWithout(source.describe(), e, "they are not in the dump");
      }
    }

    private void required(String member, CacheSource<?> source, String kind, Shape shape)
        throws SnapshotException, SpoolException {
      try {
        write(member, source, kind, shape);
      } catch (SpoolException e) {
        throw e;
      } catch (IOException e) {
        throw Refusals.failure(source.describe(), e);
      }
    }

    private boolean optional(String member, CacheSource<?> source, String kind, Shape shape)
        throws SnapshotException, SpoolException {
      try {
        write(member, source, kind, shape);
        return true;
      } catch (SpoolException e) {
        throw e;
      } catch (IOException e) {
        spool.forget(member);
        refusals.goOnWithout(source.describe(), e, "they are not in the dump");
        return false;
      }
    }

    private void write(String member, CacheSource<?> source, String kind, Shape shape)
        throws IOException {
      CacheSource<JsonObject> trees =
          new CacheSource<>(
              source.resource(),
              source.namespace(),
              source.path(),
              source.query(),
              new TreeCodec());
      try (MemberWriter writer = MemberWriter.of(spool, member, kind, shape)) {
        ClusterDumper.this.lists.stream(trees, writer);
      } catch (SinkException e) {
        throw e.failure();
      }
    }

    private CacheSource<JsonObject> source(String resource, String namespace, String path) {
      return new CacheSource<>(resource, namespace, path, Map.of(), new TreeCodec());
    }
  }
}
