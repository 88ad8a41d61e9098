// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.fixture.SpinnerFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeBoot;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.CompiledConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImagesGateTest {
  private static final String A = "registry.example.com/a:1";
  private static final String B = "registry.example.com/b:1";
  private static final String DIGEST = "registry.example.com/c@sha256:" + "0".repeat(64);
  private static final NodeView NODE = node("n").build();

  private static CompiledConfig config(String images) {
    return PolicyFixture.catalog(
            PolicyFixture.policy("p", "{'images': [" + images + "], 'warmUp': {'images': {}}}"))
        .snapshot()
        .compile(NODE);
  }

  private static String image(String ref, String pull) {
    return "{'ref': '" + ref + "', 'pull': '" + pull + "'}";
  }

  private static String version(CompiledConfig config) {
    return config.sections().images().get().pullVersion();
  }

  private static GateResult check(CompiledConfig config, NodeView node, ReservedState reserved) {
    return new ImagesGate()
        .check(
            new GateInput(
                node,
                reserved,
                config,
                config.sections().warmUp().get(),
                NodeFixture.CREATED,
                new BootEvidence(node, NodeBoot.NONE, NodeFixture.CREATED)));
  }

  private static List<String> blockers(
      CompiledConfig config, NodeView node, ReservedState reserved) {
    return check(config, node, reserved).blockers().stream().map(Blocker::text).toList();
  }

  @Test
  void nodeStatusAndRunningPodsProveAnImage() {
    CompiledConfig config =
        config(
            image(A, "IfNotPresent")
                + ","
                + image(DIGEST, "IfNotPresent")
                + ","
                + image("example.com/cni:v1", "Never"));
    NodeView listed = node("n").image(A).image(DIGEST).build();

    assertEquals(
        List.of(),
        blockers(config, listed, kubeSystem(List.of(ReservedFixture.pod("cni", true)), List.of())));
    assertEquals(
        List.of("image example.com/cni:v1 is missing"), blockers(config, listed, nothing()));
  }

  @Test
  void readySpinnerPodProvesAllItsImages() {
    CompiledConfig config = config(image(A, "IfNotPresent") + "," + image(B, "Always"));

    assertEquals(
        List.of(),
        blockers(
            config,
            NODE,
            SpinnerFixture.with(SpinnerFixture.pod("p", version(config), true, A, B))));
    for (ReservedState nothing :
        List.of(
            SpinnerFixture.with(SpinnerFixture.pod("p", version(config), false, A, B)),
            SpinnerFixture.with(SpinnerFixture.pod("p", version(config), true)),
            SpinnerFixture.with(SpinnerFixture.pod("p", version(config), true, A)),
            SpinnerFixture.with(SpinnerFixture.pod("p", "other", true, A, B)),
            SpinnerFixture.with(SpinnerFixture.pod("other", version(config), true, A, B)),
            SpinnerFixture.with(
                SpinnerFixture.deleting(SpinnerFixture.pod("p", version(config), true, A, B))))) {
      assertEquals(2, blockers(config, NODE, nothing).size(), nothing::toString);
    }
  }

  @Test
  void onlySpinnerPodsProvePullAlwaysAndNeverPullNever() {
    CompiledConfig config = config(image(A, "Always") + "," + image(B, "Never"));
    NodeView listed = node("n").image(A).image(B).build();
    ReservedState pulled = SpinnerFixture.with(SpinnerFixture.pod("p", version(config), true, A));

    assertEquals(List.of("image " + A + " is missing"), blockers(config, listed, nothing()));
    assertEquals(List.of("image " + B + " is missing"), blockers(config, NODE, pulled));
    assertEquals(List.of(), blockers(config, listed, pulled));
  }

  @Test
  void recordedImagesCountForTheSameBootAndImagesOnly() {
    CompiledConfig config = config(image(A, "IfNotPresent"));
    String seen = version(config) + "/uid-1/boot-1";

    assertEquals(
        List.of(),
        blockers(config, node("n").annotation(Keys.IMAGES_PRESENT, seen).build(), nothing()));
    assertEquals(
        1,
        blockers(
                config,
                node("n").annotation(Keys.IMAGES_PRESENT, seen).boot("boot-2").build(),
                nothing())
            .size());
    assertEquals(
        1,
        blockers(
                config(image(A, "Always")),
                node("n").annotation(Keys.IMAGES_PRESENT, seen).build(),
                nothing())
            .size());
  }

  @Test
  void imageThatCannotBePulledIsNamedWithItsPod() {
    CompiledConfig config = config(image(A, "IfNotPresent") + "," + image(A + "0", "IfNotPresent"));
    String pod = "nodeqos-system/nodeqos-spinner-p-x7k2q";

    for (String reason : List.of("ErrImagePull", "ImagePullBackOff")) {
      assertEquals(
          List.of(
              "image " + A + " is missing", "image " + A + "0 cannot be pulled, see pod " + pod),
          blockers(
              config,
              NODE,
              SpinnerFixture.with(
                  SpinnerFixture.waiting(
                      "p", reason, "Back-off pulling image \"" + A + "0\": not found"))),
          "the same words for both, so that the condition is not rewritten");
    }
    assertEquals(
        List.of(
            "image " + A + " is missing, see pod " + pod,
            "image " + A + "0 is missing, see pod " + pod),
        blockers(
            config,
            NODE,
            SpinnerFixture.with(
                SpinnerFixture.waiting("p", "ErrImagePull", "pause: no such host"))));
    assertEquals(
        List.of("image " + A + " is missing", "image " + A + "0 is missing"),
        blockers(
            config,
            NODE,
            SpinnerFixture.with(SpinnerFixture.waiting("p", "ContainerCreating", ""))));
  }

  @Test
  void missingImageVolumesAreTheReasonForImagesToPull() {
    CompiledConfig config = config(image(A, "IfNotPresent"));
    NodeView old = node("n").kubelet("v1.30.4-eks-1").build();

    GateResult byServer = check(config, NODE, SpinnerFixture.unsupported("it is old"));
    GateResult byKubelet = check(config, old, nothing());

    assertEquals(Reason.IMAGE_WARM_UP_UNSUPPORTED, byServer.reason());
    assertEquals(
        "image " + A + " is missing and cannot be pulled: it is old",
        byServer.blockers().get(0).text());
    assertEquals(Reason.IMAGE_WARM_UP_UNSUPPORTED, byKubelet.reason());
    assertEquals(
        "image "
            + A
            + " is missing and cannot be pulled: the kubelet is v1.30.4-eks-1, but image volumes"
            + " require Kubernetes 1.31",
        byKubelet.blockers().get(0).text());
    assertEquals(
        Reason.IMAGES_MISSING,
        check(config(image(A, "Never")), old, SpinnerFixture.unsupported("it is old")).reason());
    GateResult onWindows =
        check(config, node("n").label("kubernetes.io/os", "windows").build(), nothing());
    assertEquals(Reason.IMAGE_WARM_UP_UNSUPPORTED, onWindows.reason());
    assertEquals(
        "image "
            + A
            + " is missing and cannot be pulled: the node runs Windows, which does not"
            + " support image volumes",
        onWindows.blockers().get(0).text());
    for (String newer : List.of("v1.31.0", "v1.37.2+k3s1", "", "unknown")) {
      assertEquals(
          Reason.IMAGES_MISSING,
          check(config, node("n").kubelet(newer).build(), nothing()).reason(),
          newer);
    }
  }
}
