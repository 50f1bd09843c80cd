/** Requests are validated before they are sent; responses are not, so that later versions of the server may add values. */
export default {
  input: "openapi.json",
  output: "src",
  plugins: [
    "@hey-api/client-fetch",
    { name: "zod", dates: { offset: true } },
    { name: "@hey-api/sdk", validator: { request: "zod", response: false } },
  ],
};
