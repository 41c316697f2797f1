@echo off
rem Untested: nobody has run Forewarn on Windows yet.
setlocal
dotnet build "%~dp0services\Services.slnf" --configuration Release --verbosity quiet || exit /b 1
dotnet "%~dp0artifacts\bin\Launcher\release\Forewarn.Launcher.dll" %*
