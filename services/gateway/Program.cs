using Forewarn.Contracts;
using Forewarn.Gateway;
using Forewarn.Hosting;

var builder = ServiceHost.Create(args, Apps.Gateway);
builder.AddGateway();

var app = builder.Build();
app.MapServiceDefaults();
app.MapGateway();
await app.RunAsync();
