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
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The ServiceAccount may do nothing that the controller does not do. */
@RealApi
class RbacIT {
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";

  /**
   * Method and path; whether something is asked that exists does not matter before it is allowed.
   */
  private static final List<String> BEYOND =
      List.of(
          "POST /api/v1/nodes",
          "PUT /api/v1/nodes/n",
          "DELETE /api/v1/nodes/n",
          "DELETE /api/v1/nodes",
          "GET /api/v1/nodes/n/status",
          "PUT /api/v1/nodes/n/status",
          "GET /api/v1/nodes/n/proxy/pods",
          "GET /api/v1/namespaces/kube-system",
          "PATCH /api/v1/namespaces/kube-system",
          "POST /api/v1/namespaces",
          "DELETE /api/v1/namespaces/kube-system",
          "GET /api/v1/namespaces/kube-system/pods/p",
          "POST /api/v1/namespaces/kube-system/pods",
          "PATCH /api/v1/namespaces/kube-system/pods/p",
          "PATCH /api/v1/namespaces/kube-system/pods/p/status",
          "DELETE /api/v1/namespaces/kube-system/pods/p",
          "GET /api/v1/namespaces/kube-system/pods/p/log",
          "POST /api/v1/namespaces/kube-system/pods/p/exec?command=id",
          "POST /api/v1/namespaces/kube-system/pods/p/eviction",
          "POST /api/v1/namespaces/kube-system/pods/p/binding",
          "GET /api/v1/secrets",
          "GET /api/v1/namespaces/nodeqos-system/secrets",
          "GET /api/v1/namespaces/nodeqos-system/secrets/s",
          "GET /api/v1/configmaps",
          "GET /api/v1/namespaces/kube-system/configmaps/c",
          "POST /api/v1/namespaces/nodeqos-system/configmaps",
          "GET /api/v1/namespaces/nodeqos-system/serviceaccounts",
          "POST /api/v1/namespaces/nodeqos-system/serviceaccounts/node-qos-controller/token",
          "GET /api/v1/events",
          "POST /api/v1/namespaces/default/events",
          "PATCH /api/v1/namespaces/default/events/e",
          "DELETE /api/v1/namespaces/default/events/e",
          "POST /api/v1/namespaces/kube-system/events",
          "GET /api/v1/services",
          "GET /api/v1/persistentvolumes",
          "GET /apis/apps/v1/namespaces/kube-system/daemonsets/d",
          "GET /apis/apps/v1/namespaces/nodeqos-system/daemonsets/d",
          "PUT /apis/apps/v1/namespaces/nodeqos-system/daemonsets/d",
          "PATCH /apis/apps/v1/namespaces/nodeqos-system/daemonsets/d/status",
          "DELETE /apis/apps/v1/namespaces/nodeqos-system/daemonsets",
          "POST /apis/apps/v1/namespaces/kube-system/daemonsets",
          "GET /apis/apps/v1/controllerrevisions",
          "GET /apis/apps/v1/namespaces/kube-system/controllerrevisions",
          "GET /apis/apps/v1/namespaces/nodeqos-system/controllerrevisions/r",
          "POST /apis/apps/v1/namespaces/kube-system/controllerrevisions",
          "PATCH /apis/apps/v1/namespaces/kube-system/controllerrevisions/r",
          "DELETE /apis/apps/v1/namespaces/nodeqos-system/controllerrevisions",
          "POST /api/v1/namespaces/nodeqos-system/pods",
          "DELETE /api/v1/namespaces/nodeqos-system/pods/p",
          "PATCH /apis/apps/v1/namespaces/kube-system/daemonsets/d",
          "DELETE /apis/apps/v1/namespaces/kube-system/daemonsets/d",
          "GET /apis/apps/v1/deployments",
          "PATCH /apis/apps/v1/namespaces/nodeqos-system/deployments/node-qos-controller",
          "GET /apis/storage.k8s.io/v1/csinodes/n",
          "PATCH /apis/storage.k8s.io/v1/csinodes/n",
          "GET /apis/storage.k8s.io/v1/csidrivers",
          "GET " + POLICIES + "/p",
          "POST " + POLICIES,
          "PUT " + POLICIES + "/p",
          "DELETE " + POLICIES,
          "PATCH " + POLICIES + "/p/finalizers",
          "DELETE " + POLICIES + "/p",
          "PUT " + POLICIES + "/p/status",
          "GET /apis/coordination.k8s.io/v1/leases",
          "GET " + Installation.LEASES,
          "GET " + Installation.LEASES + "?watch=true",
          "GET " + Installation.LEASES + "?watch=true&fieldSelector=metadata.name%3Dother",
          "GET " + Installation.LEASES + "/other",
          "PUT " + Installation.LEASES + "/other",
          "PATCH " + Installation.LEASE,
          "DELETE " + Installation.LEASE,
          "POST /apis/coordination.k8s.io/v1/namespaces/kube-system/leases",
          "PUT /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n",
          "GET " + EVENTS,
          "GET " + EVENTS + "?watch=true",
          "GET " + EVENTS + "/e",
          "PUT " + EVENTS + "/e",
          "DELETE " + EVENTS + "/e",
          "DELETE " + EVENTS,
          "GET /apis/events.k8s.io/v1/events",
          "POST /apis/events.k8s.io/v1/namespaces/kube-system/events",
          "POST /apis/events.k8s.io/v1/namespaces/nodeqos-system/events",
          "PATCH /apis/events.k8s.io/v1/namespaces/kube-system/events/e",
          "GET " + RBAC + "/clusterroles",
          "PATCH " + RBAC + "/clusterroles/node-qos-controller",
          "POST " + RBAC + "/clusterrolebindings",
          "GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
          "GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/p",
          "DELETE /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/p",
          "PATCH /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/node-qos-controller-fence",
          "GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions",
          "GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions/others.example.com",
          "PATCH /apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodeqospolicies.nodeqos.io",
          "PATCH /apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/exempt",
          "GET /metrics");

  private final ControlPlane plane;
  private final Installation installation;

  RbacIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
  }

  @Test
  void unneededRequestsAreForbidden() {
    Replica replica = installation.replica("it-" + UUID.randomUUID());
    Api controller = Api.of(plane, replica.token());
    Poll.until(
        "right to list nodes",
        () -> controller.get("/api/v1/nodes?limit=1").code(),
        code -> code == 200);

    assertTrue(BEYOND.size() >= 40);
    assertAll(
        BEYOND.stream()
            .map(
                request -> {
                  String[] words = request.split(" ", 2);
                  Api.Reply reply = controller.send(words[0], words[1], Api.MERGE, "{}");
                  return () -> assertEquals(403, reply.code(), request + ": " + reply.body());
                }));
    installation.remove(replica);
  }
}
