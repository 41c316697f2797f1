using Forewarn.Contracts;
using Forewarn.History;
using Forewarn.History.Endpoints;
using Forewarn.History.Subscriptions;
using Forewarn.Hosting;

var builder = ServiceHost.Create(args, Apps.History);
builder.AddHistory();

var app = builder.Build();
app.MapServiceDefaults();
app.MapHistoryApi();
app.MapHistorySubscriptions();
await app.RunAsync();
