// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.election.Fence;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Asks the fence as late as it can be asked: a network interceptor runs when the connection stands,
 * right before the request goes out.
 */
record FenceInterceptor(Fence fence) implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    if (!chain.request().method().equals("GET")) {
      fence.check();
    }
    return chain.proceed(chain.request());
  }
}
