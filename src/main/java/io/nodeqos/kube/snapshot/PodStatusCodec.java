// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import com.google.gson.JsonObject;
import io.nodeqos.explain.PodTrouble;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.PodCodec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.codec.SpinnerPodCodec;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerPod;
import java.io.IOException;
import java.io.StringReader;

/** Pods in JSON, with everything that an explanation shows of them. */
final class PodStatusCodec implements Codec<PodStatusCodec.PodStatus> {
  private final Interning interning;

  PodStatusCodec(Interning interning) {
    this.interning = interning;
  }

  /** One pod, as a pod of a reserved namespace and as a spinner pod: its labels say which it is. */
  record PodStatus(PodView view, SpinnerPod spinner, PodTrouble trouble) {}

  @Override
  public SlimObject<PodStatus> decode(TolerantReader in) throws IOException {
    JsonObject pod = in.tree().getAsJsonObject();
    String text = pod.toString();
    SlimObject<PodView> view =
        new PodCodec(interning).decode(new JsonTolerantReader(new StringReader(text)));
    SpinnerPod spinner =
        new SpinnerPodCodec(interning)
            .decode(new JsonTolerantReader(new StringReader(text)))
            .view();
    return new SlimObject<>(
        view.getMetadata(), new PodStatus(view.view(), spinner, PodTrouble.of(pod)));
  }
}
