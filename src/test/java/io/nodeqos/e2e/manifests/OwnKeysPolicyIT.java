// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Of a Node the ServiceAccount changes only the controller's own fields. */
@RealApi
class OwnKeysPolicyIT {
  private static final String POLICY = "node-qos-controller-own-keys";
  private static final String THEIRS =
      "{'key':'example.com/theirs','value':'v','effect':'NoSchedule'}";
  private static final String SECOND = "{'key':'example.com/second','effect':'NoExecute'}";
  private static final String OURS = "{'key':'nodeqos.io/warming-up','effect':'NoSchedule'}";

  private static final List<String> FOREIGN_KEYS =
      List.of(
          "example.com/x",
          "pool",
          "kubernetes.io/hostname",
          "node-role.kubernetes.io/control-plane",
          "topology.kubernetes.io/zone",
          "nodeqos.io/reserved",
          "nodeqos.io/taint-at-creation",
          "nodeqos.io/applied-version",
          "nodeqos.io/apply-error",
          "nodeqos.io/confirm",
          "nodeqos.io/rollout",
          "nodeqos.io/warmed-up-too");
  private static final List<String> FOREIGN_RESOURCES =
      List.of(
          "cpu",
          "memory",
          "pods",
          "ephemeral-storage",
          "hugepages-2Mi",
          "nvidia.com/gpu",
          "example.com/gold-cpu",
          "nodeqos.io/gold",
          "nodeqos.io/gold-io",
          "xnodeqos.io/gold-cpu");

  private final String node = "it-" + UUID.randomUUID();
  private final ControlPlane plane;
  private final Installation installation;
  private final Api admin;

  private Replica replica;
  private Api controller;

  OwnKeysPolicyIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.admin = Api.admin(plane);
  }

  /** A patch of a node, of its status when it says so. */
  private record Patch(boolean ofStatus, String body) {}

  @BeforeEach
  void prepare() {
    replica = installation.replica(node);
    controller = Api.of(plane, replica.token());
    admin
        .post(
            "/api/v1/nodes",
            json(
                "{'metadata':{'name':'"
                    + node
                    + "','labels':{'theirs':'1','nodeqos.io/config-version':'0123456789'},"
                    + "'annotations':{'theirs':'1','nodeqos.io/config':'{}',"
                    + "'node.koordinator.sh/reservation':'theirs'}}}"))
        .succeeded();
    // Afterwards: the server gives each new node a taint of its own.
    admin
        .merge(
            "/api/v1/nodes/" + node,
            json("{'spec':{'taints':[" + String.join(",", THEIRS, SECOND, OURS) + "]}}"))
        .succeeded();
    admin
        .strategic(
            "/api/v1/nodes/" + node + "/status",
            json(
                "{'status':{'capacity':{'cpu':'4','memory':'8Gi','nodeqos.io/old-cpu':'1'},"
                    + "'allocatable':{'cpu':'4','memory':'7Gi','nodeqos.io/old-cpu':'1'},"
                    + "'conditions':[{'type':'Ready','status':'True'}]}}"))
        .succeeded();
    installation.admission("own-keys");
    Poll.until(
        "own-keys policy",
        () -> send(metadata(true, "labels", "'a':'b'")),
        reply -> reply.code() == 403);
  }

  @AfterEach
  void clean() {
    installation.removeAdmission("own-keys");
    installation.remove(replica);
    admin.delete("/api/v1/nodes/" + node);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  /** A dry run: all of admission, and the node stays what it is. */
  private Api.Reply send(Patch patch) {
    String path = "/api/v1/nodes/" + node;
    return patch.ofStatus()
        ? controller.strategic(path + "/status?dryRun=All", json(patch.body()))
        : controller.merge(path + "?dryRun=All", json(patch.body()));
  }

  private static Patch metadata(boolean ofStatus, String field, String entry) {
    return new Patch(ofStatus, "{'metadata':{'" + field + "':{" + entry + "}}}");
  }

  private static Patch taints(String... taints) {
    return new Patch(false, "{'spec':{'taints':[" + String.join(",", taints) + "]}}");
  }

  private static Patch status(String content) {
    return new Patch(true, "{'status':{" + content + "}}");
  }

  private static List<Patch> forbidden() {
    List<Patch> all = new ArrayList<>();
    for (boolean ofStatus : new boolean[] {false, true}) {
      for (String field : new String[] {"labels", "annotations"}) {
        FOREIGN_KEYS.forEach(k -> all.add(metadata(ofStatus, field, "'" + k + "':'x'")));
        all.add(metadata(ofStatus, field, "'theirs':null"));
        all.add(metadata(ofStatus, field, "'theirs':'2'"));
        all.add(metadata(ofStatus, field, "'nodeqos.io/config-version':'1','theirs':'2'"));
      }
      all.add(new Patch(ofStatus, "{'metadata':{'finalizers':['example.com/f']}}"));
      all.add(
          new Patch(
              ofStatus,
              "{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'n','uid':'u'}]}}"));
    }
    for (String value : List.of("'x'", "null")) {
      all.add(metadata(false, "annotations", "'node.koordinator.sh/reservation':" + value));
    }
    all.add(metadata(true, "annotations", "'nodeqos.io/koordinator-reservation':'theirs'"));
    all.add(
        metadata(
            false,
            "annotations",
            "'node.koordinator.sh/reservation':'x','nodeqos.io/koordinator-reservation':'x'"));
    all.add(taints());
    all.add(taints(THEIRS));
    all.add(taints(SECOND, THEIRS));
    all.add(taints(OURS));
    all.add(taints(THEIRS.replace("'v'", "'w'"), SECOND));
    all.add(taints(THEIRS.replace("NoSchedule", "NoExecute"), SECOND));
    all.add(taints(THEIRS, SECOND, "{'key':'example.com/new','effect':'NoSchedule'}"));
    all.add(taints(THEIRS, SECOND, OURS.replace("NoSchedule", "NoExecute")));
    all.add(taints(THEIRS, SECOND, "{'key':'nodeqos.iox/a','effect':'NoSchedule'}"));
    all.add(taints(THEIRS, SECOND, "{'key':'x.readiness.k8s.io/a','effect':'NoSchedule'}"));
    all.add(new Patch(false, "{'spec':{'taints':null}}"));
    all.add(new Patch(false, "{'spec':{'unschedulable':true}}"));
    all.add(new Patch(false, "{'spec':{'providerID':'p'}}"));
    for (String type :
        List.of("Ready", "MemoryPressure", "NetworkUnavailable", "nodeqos.io/Other")) {
      all.add(status("'conditions':[{'type':'" + type + "','status':'False'}]"));
    }
    all.add(status("'conditions':[{'$patch':'delete','type':'Ready'}]"));
    all.add(status("'conditions':null"));
    for (String field : new String[] {"capacity", "allocatable"}) {
      FOREIGN_RESOURCES.forEach(r -> all.add(status("'" + field + "':{'" + r + "':'2'}")));
      all.add(status("'" + field + "':{'cpu':null}"));
      all.add(status("'" + field + "':null"));
    }
    all.add(status("'nodeInfo':{'bootID':'b'}"));
    all.add(status("'addresses':[{'type':'InternalIP','address':'10.0.0.1'}]"));
    all.add(status("'images':[{'names':['i'],'sizeBytes':1}]"));
    all.add(status("'volumesInUse':['v']"));
    all.add(status("'daemonEndpoints':{'kubeletEndpoint':{'Port':1}}"));
    return all;
  }

  private static List<Patch> legal() {
    List<Patch> all = new ArrayList<>();
    for (boolean ofStatus : new boolean[] {false, true}) {
      for (String key : List.of("warmed-up", "config-version", "images")) {
        all.add(metadata(ofStatus, "labels", "'nodeqos.io/" + key + "':'x'"));
        all.add(metadata(ofStatus, "labels", "'nodeqos.io/" + key + "':null"));
      }
      for (String key :
          List.of(
              "config",
              "warmed-up-for",
              "warmed-up-at",
              "warming-up-since",
              "warming-up-for",
              "leader-epoch",
              "traceparent",
              "images-present")) {
        all.add(metadata(ofStatus, "annotations", "'nodeqos.io/" + key + "':'x'"));
        all.add(metadata(ofStatus, "annotations", "'nodeqos.io/" + key + "':null"));
      }
    }
    all.add(taints(THEIRS, SECOND));
    all.add(taints(THEIRS, SECOND, OURS));
    all.add(taints(OURS, THEIRS, SECOND));
    all.add(
        taints(
            THEIRS,
            SECOND,
            "{'key':'startup-taint.cluster-autoscaler.kubernetes.io/w','effect':'NoSchedule'}"));
    all.add(taints(THEIRS, SECOND, "{'key':'readiness.k8s.io/w','effect':'NoSchedule'}"));
    all.add(status("'conditions':[{'type':'nodeqos.io/WarmedUp','status':'True'}]"));
    all.add(status("'conditions':[{'$patch':'delete','type':'nodeqos.io/WarmedUp'}]"));
    for (String field : new String[] {"capacity", "allocatable"}) {
      all.add(
          status("'" + field + "':{'nodeqos.io/gold-cpu':'4k','nodeqos.io/gold-memory':'1Gi'}"));
      all.add(status("'" + field + "':{'nodeqos.io/old-cpu':null}"));
    }
    return all;
  }

  @Test
  void everyChangeOfForeignFieldsIsRejected() {
    List<Patch> forbidden = forbidden();
    assertTrue(forbidden.size() >= 100, () -> "only " + forbidden.size());

    List<Executable> checks = new ArrayList<>();
    for (Patch patch : forbidden) {
      Api.Reply reply = send(patch);
      checks.add(
          () ->
              assertTrue(
                  reply.code() == 403 && reply.body().contains(POLICY),
                  () -> patch + " got " + reply.code() + ": " + reply.body()));
    }
    assertAll(checks);
  }

  @Test
  void everyChangeOfOwnFieldsPasses() {
    List<Executable> checks = new ArrayList<>();
    for (Patch patch : legal()) {
      Api.Reply reply = send(patch);
      checks.add(() -> assertEquals(200, reply.code(), () -> patch + ": " + reply.body()));
    }
    assertAll(checks);
  }

  @Test
  void controllerMayChangeOnlyItsOwnFinalizerOfAPolicy() {
    String path = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/" + node;
    admin
        .post(
            "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
            json(
                "{'apiVersion':'nodeqos.io/v1alpha1','kind':'NodeQoSPolicy','metadata':{'name':'"
                    + node
                    + "','labels':{'a':'1'},'finalizers':['example.com/f']},"
                    + "'spec':{'nodeSelector':{'matchLabels':{'none':'none'}}}}"))
        .succeeded();
    List<Executable> checks = new ArrayList<>();
    for (String change :
        List.of(
            "'spec':{'priority':3}",
            "'spec':{'deletionPolicy':'Remove'}",
            "'metadata':{'labels':{'a':'2'}}",
            "'metadata':{'labels':null}",
            "'metadata':{'annotations':{'a':'2'}}",
            "'metadata':{'finalizers':null}",
            "'metadata':{'finalizers':['nodeqos.io/clean-nodes']}",
            "'metadata':{'finalizers':['example.com/f','example.com/g']}")) {
      Api.Reply reply = controller.merge(path + "?dryRun=All", json("{" + change + "}"));
      checks.add(() -> assertEquals(403, reply.code(), change + ": " + reply.body()));
    }
    for (String finalizers :
        List.of("'example.com/f','nodeqos.io/clean-nodes'", "'example.com/f'")) {
      Api.Reply reply =
          controller.merge(
              path + "?dryRun=All", json("{'metadata':{'finalizers':[" + finalizers + "]}}"));
      checks.add(() -> assertEquals(200, reply.code(), reply.body()));
    }
    admin.merge(path, json("{'metadata':{'finalizers':null}}"));
    admin.delete(path);
    assertAll(checks);
  }

  @Test
  void otherAccountsMayChangeAllFields() {
    admin
        .merge("/api/v1/nodes/" + node, json("{'metadata':{'labels':{'theirs':'2'}}}"))
        .succeeded();
  }
}
