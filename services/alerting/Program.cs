using Forewarn.Alerting;
using Forewarn.Contracts;
using Forewarn.Hosting;

var builder = ServiceHost.Create(args, Apps.Alerting);
builder.AddAlerting();
var app = builder.Build();
app.MapServiceDefaults();
app.MapActorsHandlers();
app.MapDetections();
app.MapIncidents();
app.MapActions();
app.MapSilences();
app.MapRouting();
app.MapBudgets();
app.MapControlSubscription();
await app.RunAsync();
