// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpinnerCodecsTest {
  private static final String META =
      "'metadata':{'name':'x','namespace':'nodeqos-system','uid':'u','resourceVersion':'1',"
          + "'labels':{'nodeqos.io/spinner':'p','nodeqos.io/pull-version':'v'},"
          + "'annotations':{'nodeqos.io/applied-hash':'h','other':'o'}}";
  private static final String VOLUMES =
      "'volumes':[{'name':'image-0','image':{'reference':'a:1','pullPolicy':'Always','new':{}}},"
          + "{'name':'e','emptyDir':{}},{'name':'image-1','image':{'reference':'b:1'}}]";

  private static SpinnerPod pod(String rest) throws IOException {
    return Samples.decode(
        new SpinnerPodCodec(new Interning()), json("{" + META + "," + rest + "}"));
  }

  private static SpinnerDaemonSet daemonSet(String podSpec) throws IOException {
    return Samples.decode(
        new SpinnerDaemonSetCodec(),
        json(
            "{"
                + META
                + ",'spec':{'selector':{},'template':{'metadata':{},'spec':{"
                + podSpec
                + "}}},'status':{'numberReady':3}}"));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  @Test
  void readyPodIsReadWithTheImagesThatItMounts() throws IOException {
    SpinnerPod pod =
        pod(
            "'spec':{'nodeName':'n',"
                + VOLUMES
                + "},'status':{'conditions':[{'type':'Ready','status':'True'}],"
                + "'containerStatuses':[{'state':{'running':{}}}]}");

    assertEquals("n", pod.nodeName());
    assertEquals(Set.of("a:1", "b:1"), pod.images());
    assertTrue(pod.proves(Set.of("a:1"), "v"));
    assertFalse(pod.proves(Set.of("a:1", "c:1"), "v"));
    assertEquals(SpinnerPod.Waiting.NONE, pod.waiting());
  }

  @Test
  void reasonOfAWaitingPodIsRead() throws IOException {
    SpinnerPod pod =
        pod(
            "'status':{'containerStatuses':[{'state':{'waiting':"
                + "{'reason':'ErrImagePull','message':'no such host','new':1}}}]}");

    assertEquals(new SpinnerPod.Waiting("ErrImagePull", "no such host"), pod.waiting());
    assertTrue(pod.waiting().isForImage());
  }

  @Test
  void daemonSetWithDroppedImageVolumesMountsNoImages() throws IOException {
    assertEquals(new SpinnerDaemonSet("x", "u", "p", "v", "h", true, false), daemonSet(VOLUMES));
    for (String dropped : new String[] {"", "'volumes':[]", "'volumes':[{'emptyDir':{}}]"}) {
      assertFalse(daemonSet(dropped).mountsImages(), dropped);
    }
  }
}
