# The image of every role; SALLYPORT_ROLES picks which. It takes the jar that ./sallyport build made.
FROM eclipse-temurin:25-jre

LABEL org.opencontainers.image.title="Sallyport" \
      org.opencontainers.image.description="Two-factor authentication for web sites" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN groupadd --gid 10001 sallyport \
 && useradd --uid 10001 --gid sallyport --home-dir /opt/sallyport --no-create-home --shell /usr/sbin/nologin sallyport \
 # Volumes that are mounted here for the first time belong to the user who needs them.
 && install -d -o sallyport -g sallyport -m 0700 \
      /data /keys /keys/all /keys/login /keys/enrollment /keys/sms-dispatcher /keys/audit-sealer

WORKDIR /opt/sallyport
# What changes rarely first.
COPY deploy/target/lib lib/
COPY deploy/java.options deploy/record-start deploy/docker/healthy ./
COPY deploy/target/sallyport.jar ./
# Here and not in the build, since it fits only this Java and these files.
RUN ./record-start java sallyport.jar sallyport.jsa || echo 'Starts will take longer: no start could be recorded.'

USER 10001:10001
WORKDIR /data
ENV SALLYPORT_DATA_DIR=/data \
    SALLYPORT_HTTP_HOST=0.0.0.0 \
    SALLYPORT_MANAGEMENT_HOST=0.0.0.0 \
    SALLYPORT_AUTHZ_HOST=0.0.0.0
EXPOSE 8080 8081 9000 9091
HEALTHCHECK --interval=5s --timeout=6s --start-period=30s --retries=3 CMD ["/opt/sallyport/healthy"]
# Nothing is written but /data, where the embedded servers run, and a library in /tmp, which must not be noexec.
ENTRYPOINT ["java", "@/opt/sallyport/java.options", "-XX:SharedArchiveFile=/opt/sallyport/sallyport.jsa", \
            "-jar", "/opt/sallyport/sallyport.jar"]
