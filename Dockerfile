# One file for every image:
#
#   docker build --build-arg SERVICE=alerting .                       a service, by the name of its folder
#   docker build --build-arg SERVICE=gateway --target gateway .       with the dashboard in it
#   docker build --build-arg SERVICE=simulator --target tool .        something that listens to nothing
#
# deploy/compose/compose.yaml builds them all. The images run as uid 1654 and need nothing of their root to be writable but /tmp.

FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS sdk
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# What decides which packages are needed, and nothing else: a layer above that changes with the code makes one here that does not.
FROM sdk AS projects
WORKDIR /src
COPY . .
RUN find services -type f ! -name '*.csproj' ! -name packages.lock.json ! -name '*.slnf' -delete && rm -rf dashboard

# One restore for all services, exactly what the lock files say.
FROM sdk AS restored
WORKDIR /src
COPY --from=projects /src .
RUN dotnet restore services/Services.slnf --locked-mode

FROM restored AS published
ARG SERVICE
COPY services services
RUN dotnet publish "services/$SERVICE" --no-restore --configuration Release --output out -p:RunAnalyzers=false -p:DebugType=none -p:GenerateDocumentationFile=false
# Native libraries of other systems go; whatever the service is called, `service` starts it.
RUN find out/runtimes -mindepth 1 -maxdepth 1 ! -name 'linux*' ! -name unix -exec rm -r {} + 2>/dev/null || true; \
    cd out && program=$(echo Forewarn.*.runtimeconfig.json) && ln -s "${program%.runtimeconfig.json}" service

FROM node:20.20.2-bookworm-slim AS dashboard
WORKDIR /src/dashboard
COPY dashboard/package.json dashboard/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY dashboard .
RUN npm run build

# No shell, no package manager; time zones for schedules and routes.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled-extra AS run
WORKDIR /app
# The app port is for the sidecar, on loopback; its own ports are Dapr's defaults. The base image's 8080 for everybody is not wanted.
ENV APP_PORT=8080 ASPNETCORE_HTTP_PORTS="" DOTNET_NOLOGO=1
USER $APP_UID
ENTRYPOINT ["/app/service"]

FROM run AS tool
COPY --from=published /src/out .

FROM run AS gateway
COPY --from=published /src/out .
COPY --from=dashboard /src/dashboard/dist dashboard
ENV GATEWAY__DASHBOARDPATH=/app/dashboard
HEALTHCHECK --interval=15s --timeout=6s --start-period=120s --retries=3 CMD ["/app/service", "--health"]

FROM run AS service
COPY --from=published /src/out .
HEALTHCHECK --interval=15s --timeout=6s --start-period=120s --retries=3 CMD ["/app/service", "--health"]
